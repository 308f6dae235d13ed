#include "ocpi/protocol/trace_context.hpp"

#include <algorithm>
#include <cstddef>
#include <random>

namespace ocpi::protocol {
namespace {

constexpr std::uint8_t recorded = 0x01;

/// Length of `00-<32 digits>-<16 digits>-<2 digits>`, and where its parts begin.
constexpr std::size_t length = 55;
constexpr std::size_t trace_id_at = 3;
constexpr std::size_t parent_id_at = 36;
constexpr std::size_t flags_at = 53;

/// Only lower case is allowed.
std::optional<std::uint8_t> parse_digit(char c) noexcept
{
    if (c >= '0' && c <= '9') return static_cast<std::uint8_t>(c - '0');
    if (c >= 'a' && c <= 'f') return static_cast<std::uint8_t>(c - 'a' + 10);
    return {};
}

template <std::size_t N>
bool parse_bytes(std::string_view digits, std::array<std::uint8_t, N>& into) noexcept
{
    for (std::size_t i = 0; i < N; ++i) {
        const auto high = parse_digit(digits[2 * i]);
        const auto low = parse_digit(digits[2 * i + 1]);
        if (!high || !low) return false;
        into[i] = static_cast<std::uint8_t>(*high << 4 | *low);
    }
    return true;
}

template <std::size_t N>
bool is_zero(const std::array<std::uint8_t, N>& bytes) noexcept
{
    return std::all_of(bytes.begin(), bytes.end(), [](std::uint8_t byte) { return byte == 0; });
}

template <std::size_t N>
void append_bytes(std::string& text, const std::array<std::uint8_t, N>& bytes)
{
    constexpr std::string_view digits = "0123456789abcdef";
    for (const auto byte : bytes) {
        text += digits[byte >> 4];
        text += digits[byte & 0x0f];
    }
}

template <std::size_t N>
void randomize(std::array<std::uint8_t, N>& bytes)
{
    static_assert(N % sizeof(std::uint64_t) == 0);
    thread_local std::mt19937_64 generator{[] {
        std::random_device device;
        return std::uint64_t{device()} << 32 | device();
    }()};
    do {
        for (std::size_t i = 0; i < N; i += sizeof(std::uint64_t)) {
            auto value = generator();
            for (std::size_t k = 0; k < sizeof value; ++k, value >>= 8) {
                bytes[i + k] = static_cast<std::uint8_t>(value);
            }
        }
    } while (is_zero(bytes));
}

}  // namespace

std::optional<trace_context> parse_traceparent(std::string_view value) noexcept
{
    if (value.size() < length) return {};
    std::array<std::uint8_t, 1> version{};
    std::array<std::uint8_t, 1> flags{};
    trace_context read;
    const bool is_hexadecimal = parse_bytes(value.substr(0, 2), version) &&
                                parse_bytes(value.substr(trace_id_at), read.trace_id) &&
                                parse_bytes(value.substr(parent_id_at), read.parent_id) &&
                                parse_bytes(value.substr(flags_at), flags);
    const bool has_dashes = value[trace_id_at - 1] == '-' && value[parent_id_at - 1] == '-' &&
                            value[flags_at - 1] == '-';
    if (!is_hexadecimal || !has_dashes || version[0] == 0xff) return {};
    if (value.size() > length && (version[0] == 0 || value[length] != '-')) return {};
    if (is_zero(read.trace_id) || is_zero(read.parent_id)) return {};
    read.flags = flags[0] & recorded;
    return read;
}

trace_context make_trace_context()
{
    trace_context made;
    randomize(made.trace_id);
    randomize(made.parent_id);
    return made;
}

trace_context continue_trace(const trace_context& of)
{
    if (is_zero(of.trace_id)) return make_trace_context();
    auto continued = of;
    randomize(continued.parent_id);
    return continued;
}

std::string write_traceparent(const trace_context& context)
{
    std::string text;
    text.reserve(length);
    text += "00-";
    append_bytes(text, context.trace_id);
    text += '-';
    append_bytes(text, context.parent_id);
    text += '-';
    append_bytes(text, std::array{context.flags});
    return text;
}

}  // namespace ocpi::protocol
