#include "modules/tariffs/tariff_restrictions.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <string>

namespace ocpi::tariffs {
namespace {

using json::object_reader;
using json::presence;

/// In the order of std::chrono::weekday::c_encoding().
constexpr std::array<std::string_view, 7> weekday_names{
    "SUNDAY", "MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY"};
constexpr std::array<std::string_view, 2> reservation_names{"RESERVATION", "RESERVATION_EXPIRES"};

/// The number that these digits spell, and no other characters.
std::optional<int> parse_digits(std::string_view digits)
{
    int number = 0;
    for (const char character : digits) {
        if (character < '0' || character > '9') return {};
        number = number * 10 + (character - '0');
    }
    return number;
}

/// `07:30`, from 00:00 to 23:59.
std::optional<std::chrono::minutes> parse_time_of_day(std::string_view text)
{
    if (text.size() != 5 || text[2] != ':') return {};
    const auto hours = parse_digits(text.substr(0, 2));
    const auto minutes = parse_digits(text.substr(3));
    if (!hours || !minutes || *hours > 23 || *minutes > 59) return {};
    return std::chrono::hours(*hours) + std::chrono::minutes(*minutes);
}

/// `2024-12-24`, a day that exists.
std::optional<std::chrono::year_month_day> parse_date(std::string_view text)
{
    if (text.size() != 10 || text[4] != '-' || text[7] != '-') return {};
    const auto year = parse_digits(text.substr(0, 4));
    const auto month = parse_digits(text.substr(5, 2));
    const auto day = parse_digits(text.substr(8));
    if (!year || !month || !day) return {};
    const std::chrono::year_month_day date(std::chrono::year(*year),
                                           std::chrono::month(static_cast<unsigned>(*month)),
                                           std::chrono::day(static_cast<unsigned>(*day)));
    if (!date.ok()) return {};
    return date;
}

std::optional<std::chrono::minutes> read_time_of_day(object_reader& in, std::string_view name)
{
    const auto text = in.text(name, 0, presence::optional);
    if (!text) return {};
    const auto parsed = parse_time_of_day(*text);
    if (!parsed) in.add_problem(name, "is not a time of day such as 07:30");
    return parsed;
}

std::optional<std::chrono::year_month_day> read_date(object_reader& in, std::string_view name)
{
    const auto text = in.text(name, 0, presence::optional);
    if (!text) return {};
    const auto parsed = parse_date(*text);
    if (!parsed) in.add_problem(name, "is not a date such as 2024-12-24");
    return parsed;
}

std::optional<std::chrono::seconds> read_duration(object_reader& in, std::string_view name)
{
    constexpr std::int64_t max_seconds = 1'000'000'000'000;
    const auto seconds = read_integer(in, name, presence::optional);
    if (!seconds) return {};
    return std::chrono::seconds(std::clamp(*seconds, -max_seconds, max_seconds));
}

std::array<bool, 7> read_weekdays(object_reader& in)
{
    std::array<bool, 7> days{};
    in.list("day_of_week", presence::optional,
            [&](json::value element, const std::string& pointer) {
                const auto found =
                    std::find(weekday_names.begin(), weekday_names.end(), element.string());
                if (found == weekday_names.end()) {
                    in.findings().add_problem(pointer, "must be a day such as MONDAY");
                    return;
                }
                days[static_cast<std::size_t>(found - weekday_names.begin())] = true;
            });
    return days;
}

}  // namespace

std::optional<std::int64_t> read_integer(object_reader& in, std::string_view name, presence wanted)
{
    const auto number = in.number(name, wanted);
    if (!number) return {};
    if (number->fits(18)) {
        const auto text = to_text(*number);
        const auto* end = text.data() + text.size();
        std::int64_t integer = 0;
        const auto parsed = std::from_chars(text.data(), end, integer);
        if (parsed.ec == std::errc() && parsed.ptr == end) return integer;
    }
    in.add_problem(name, "must be an integer of at most 18 digits");
    return {};
}

std::optional<tariff_restrictions> read_restrictions(object_reader& element)
{
    auto in = element.object("restrictions", presence::optional);
    if (!in) return {};
    tariff_restrictions read;
    read.start_time = read_time_of_day(*in, "start_time");
    read.end_time = read_time_of_day(*in, "end_time");
    read.start_date = read_date(*in, "start_date");
    read.end_date = read_date(*in, "end_date");
    read.min_kwh = in->number("min_kwh", presence::optional);
    read.max_kwh = in->number("max_kwh", presence::optional);
    read.min_current = in->number("min_current", presence::optional);
    read.max_current = in->number("max_current", presence::optional);
    read.min_power = in->number("min_power", presence::optional);
    read.max_power = in->number("max_power", presence::optional);
    read.min_duration = read_duration(*in, "min_duration");
    read.max_duration = read_duration(*in, "max_duration");
    read.day_of_week = read_weekdays(*in);
    const auto reservation = in->one_of("reservation", reservation_names, presence::optional);
    if (reservation) read.reservation = static_cast<reservation_restriction>(*reservation);
    return read;
}

}  // namespace ocpi::tariffs
