#pragma once

#include <chrono>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace ocpi {

/// An instant in UTC with millisecond resolution [OCPI types, DateTime].
class date_time {
public:
    using time_point = std::chrono::sys_time<std::chrono::milliseconds>;

    constexpr date_time() = default;
    constexpr explicit date_time(time_point instant) : instant_(instant) {}
    static constexpr date_time from_milliseconds(std::int64_t since_epoch)
    {
        return date_time(time_point(std::chrono::milliseconds(since_epoch)));
    }

    constexpr time_point instant() const noexcept { return instant_; }
    constexpr std::int64_t milliseconds() const noexcept
    {
        return instant_.time_since_epoch().count();
    }

    friend constexpr auto operator<=>(const date_time&, const date_time&) = default;

private:
    time_point instant_{};
};

/// `2024-01-01T10:00:00Z`, or with exactly three fraction digits when there are milliseconds.
std::string to_string(date_time instant);

/// A parsed DateTime.
struct parsed_date_time {
    date_time value;
    bool had_fraction = false;
    /// True when the text named an offset from UTC, which OCPI does not allow.
    bool had_offset = false;
};

/// The text as stored and returned: `…Z`, without a fraction if none was given, else with exactly
/// three digits.
std::string normalized(const parsed_date_time& read);

/// Parses `YYYY-MM-DDThh:mm:ss` with 0 to 9 fraction digits (cut to milliseconds) and an optional
/// `Z`; no designator means UTC. An offset such as `+02:00` is applied and reported, so that the
/// caller can decide whether to accept it. std::nullopt for any other text or for a day or time
/// that does not exist.
std::optional<parsed_date_time> parse_date_time(std::string_view text);

}  // namespace ocpi
