#include "http/http_date.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>

namespace ocpi::http {
namespace {

using std::chrono::days;
using std::chrono::seconds;

constexpr std::array<std::string_view, 7> weekdays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
constexpr std::array<std::string_view, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                  "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

/// Takes a text apart from its beginning; once something was not as expected, nothing is.
class scanner {
public:
    explicit scanner(std::string_view text) : rest_(text) {}

    void expect(std::string_view wanted)
    {
        is_sound_ = is_sound_ && rest_.starts_with(wanted);
        if (is_sound_) rest_.remove_prefix(wanted.size());
    }

    int number(std::size_t digits)
    {
        is_sound_ = is_sound_ && rest_.size() >= digits;
        int value = 0;
        for (std::size_t i = 0; is_sound_ && i < digits; ++i) {
            const char c = rest_[i];
            is_sound_ = c >= '0' && c <= '9';
            value = value * 10 + (c - '0');
        }
        if (is_sound_) rest_.remove_prefix(digits);
        return value;
    }

    unsigned month()
    {
        const auto found = std::find(months.begin(), months.end(), rest_.substr(0, 3));
        is_sound_ = is_sound_ && found != months.end();
        if (!is_sound_) return 1;
        rest_.remove_prefix(3);
        return static_cast<unsigned>(found - months.begin()) + 1;
    }

    /// `08:49:37`. A leap second is the second before.
    seconds time_of_day()
    {
        const int hour = number(2);
        expect(":");
        const int minute = number(2);
        expect(":");
        const int second = number(2);
        is_sound_ = is_sound_ && hour < 24 && minute < 60 && second <= 60;
        return std::chrono::hours(hour) + std::chrono::minutes(minute) +
               seconds(std::min(second, 59));
    }

    bool starts_with(std::string_view text) const { return rest_.starts_with(text); }
    bool is_at_end() const { return is_sound_ && rest_.empty(); }

private:
    std::string_view rest_;
    bool is_sound_ = true;
};

std::optional<date_time> to_instant(int year, unsigned month, int day, seconds time)
{
    const std::chrono::year_month_day date(std::chrono::year(year), std::chrono::month(month),
                                           std::chrono::day(static_cast<unsigned>(day)));
    if (!date.ok()) return std::nullopt;
    return date_time(date_time::time_point(std::chrono::sys_days(date) + time));
}

std::optional<date_time> parse_fixdate(std::string_view after_weekday)
{
    scanner text(after_weekday);
    const int day = text.number(2);
    text.expect(" ");
    const auto month = text.month();
    text.expect(" ");
    const int year = text.number(4);
    text.expect(" ");
    const auto time = text.time_of_day();
    text.expect(" GMT");
    if (!text.is_at_end()) return std::nullopt;
    return to_instant(year, month, day, time);
}

int year_of(date_time instant)
{
    const auto day = std::chrono::floor<days>(instant.instant());
    return static_cast<int>(std::chrono::year_month_day(day).year());
}

std::optional<date_time> parse_rfc850(std::string_view after_weekday, date_time now)
{
    scanner text(after_weekday);
    const int day = text.number(2);
    text.expect("-");
    const auto month = text.month();
    text.expect("-");
    const int short_year = text.number(2);
    text.expect(" ");
    const auto time = text.time_of_day();
    text.expect(" GMT");
    if (!text.is_at_end()) return std::nullopt;
    const int this_year = year_of(now);
    int year = this_year - this_year % 100 + short_year;
    if (year > this_year + 50) year -= 100;
    return to_instant(year, month, day, time);
}

std::optional<date_time> parse_asctime(std::string_view after_weekday)
{
    scanner text(after_weekday);
    const auto month = text.month();
    text.expect(" ");
    const bool has_one_digit = text.starts_with(" ");
    if (has_one_digit) text.expect(" ");
    const int day = text.number(has_one_digit ? 1 : 2);
    text.expect(" ");
    const auto time = text.time_of_day();
    text.expect(" ");
    const int year = text.number(4);
    if (!text.is_at_end()) return std::nullopt;
    return to_instant(year, month, day, time);
}

}  // namespace

std::string write_http_date(date_time instant)
{
    const auto second = std::chrono::floor<seconds>(instant.instant());
    const auto day = std::chrono::floor<days>(second);
    const std::chrono::year_month_day date(day);
    const std::chrono::hh_mm_ss time(second - day);
    std::array<char, 40> text{};
    std::snprintf(
        text.data(), text.size(), "%s, %02u %s %04d %02d:%02d:%02d GMT",
        weekdays[std::chrono::weekday(day).c_encoding()].data(), static_cast<unsigned>(date.day()),
        months[static_cast<unsigned>(date.month()) - 1].data(), static_cast<int>(date.year()),
        static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
        static_cast<int>(time.seconds().count()));
    return text.data();
}

std::optional<date_time> parse_http_date(std::string_view text, date_time now)
{
    const auto weekday = std::find_if(weekdays.begin(), weekdays.end(), [&](std::string_view name) {
        return text.starts_with(name);
    });
    if (weekday == weekdays.end()) return std::nullopt;
    const auto comma = text.find(", ");
    if (comma == 3) return parse_fixdate(text.substr(5));
    if (comma != text.npos) return parse_rfc850(text.substr(comma + 2), now);
    return text.size() > 4 && text[3] == ' ' ? parse_asctime(text.substr(4)) : std::nullopt;
}

}  // namespace ocpi::http
