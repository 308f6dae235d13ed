#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace ocpi::bench {

/// What differs between two requests of one template.
struct request_values {
    /// Which session: `<number>`, eight digits.
    std::uint32_t number = 0;
    /// Which partner is told: `<partner>`, two digits.
    std::uint32_t partner = 0;
    /// Which request of the run: `<sequence>`, eight digits.
    std::uint32_t sequence = 0;
    /// The time: `<now>`, an OCPI DateTime with milliseconds, 24 characters.
    std::string_view now;
    /// The session's id under /v1: `<view_id>`, 36 characters.
    std::string_view view_id;
};

/// A whole HTTP request with places for values of a fixed width, so that a request costs its
/// sender a few copies and Content-Length never changes.
class request_template {
public:
    /// `target` and `body` may contain the places named above. Without a body there is no
    /// Content-Length. `authorization` is the value of that field; empty: without it.
    request_template(std::string_view method, std::string_view target,
                     std::string_view authorization, std::string_view body = {});

    /// The request with these values. Valid until the next call.
    std::string_view fill(const request_values& values);

private:
    enum class place : std::uint8_t { number, partner, sequence, now, view_id };
    struct value_slot {
        std::size_t offset;
        place what;
    };
    struct place_name {
        std::string_view name;
        place what;
        std::size_t width;
    };
    static const std::array<place_name, 5> place_names;

    void append(std::string_view text);

    std::string text_;
    std::vector<value_slot> slots_;
};

}  // namespace ocpi::bench
