#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace ocpi::protocol {

inline constexpr const char* traceparent_header = "traceparent";

/// A request's place in a distributed trace [W3C Trace Context, section 3.2]. A plain value of 25
/// bytes; all zero: none.
struct trace_context {
    /// The whole trace, the same for all its requests.
    std::array<std::uint8_t, 16> trace_id{};
    /// The caller's part of it.
    std::array<std::uint8_t, 8> parent_id{};
    /// Bit 0: the caller records the trace. The other bits are not passed on.
    std::uint8_t flags = 0;

    friend bool operator==(const trace_context&, const trace_context&) = default;
};

/// The value of a traceparent header; std::nullopt if it is broken. A later version is read as far
/// as this one goes.
std::optional<trace_context> parse_traceparent(std::string_view value) noexcept;

/// The beginning of a trace, with random ids. Safe from any thread.
trace_context make_trace_context();

/// The same trace as a call of ours carries it on: with a parent id of its own. A new trace if
/// `of` is none.
trace_context continue_trace(const trace_context& of);

/// As the value of a traceparent header: `00-<trace id>-<parent id>-<flags>`, 55 characters.
std::string write_traceparent(const trace_context& context);

}  // namespace ocpi::protocol
