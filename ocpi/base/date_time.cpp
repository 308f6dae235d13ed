#include "ocpi/base/date_time.hpp"

#include <algorithm>
#include <array>

namespace ocpi {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

/// Takes characters off the front of a text; every step says whether it found what it wanted.
class scanner {
public:
    explicit scanner(std::string_view text) : rest_(text) {}

    std::optional<int> digits(std::size_t count)
    {
        if (rest_.size() < count) return {};
        int value = 0;
        for (char c : rest_.substr(0, count)) {
            if (c < '0' || c > '9') return {};
            value = value * 10 + (c - '0');
        }
        rest_.remove_prefix(count);
        return value;
    }

    bool literal(char wanted)
    {
        if (!starts_with(wanted)) return false;
        rest_.remove_prefix(1);
        return true;
    }

    std::string_view digit_run()
    {
        const auto end =
            std::find_if(rest_.begin(), rest_.end(), [](char c) { return c < '0' || c > '9'; });
        const auto run = rest_.substr(0, static_cast<std::size_t>(end - rest_.begin()));
        rest_.remove_prefix(run.size());
        return run;
    }

    bool starts_with(char wanted) const { return !rest_.empty() && rest_.front() == wanted; }
    bool at_end() const { return rest_.empty(); }

private:
    std::string_view rest_;
};

std::optional<std::chrono::sys_days> read_date(scanner& in)
{
    const auto year = in.digits(4);
    if (!year || !in.literal('-')) return {};
    const auto month = in.digits(2);
    if (!month || !in.literal('-')) return {};
    const auto day = in.digits(2);
    if (!day) return {};
    const std::chrono::year_month_day date{std::chrono::year(*year),
                                           std::chrono::month(static_cast<unsigned>(*month)),
                                           std::chrono::day(static_cast<unsigned>(*day))};
    if (!date.ok()) return {};
    return std::chrono::sys_days(date);
}

std::optional<seconds> read_time_of_day(scanner& in)
{
    const auto hour = in.digits(2);
    if (!hour || *hour > 23 || !in.literal(':')) return {};
    const auto minute = in.digits(2);
    if (!minute || *minute > 59 || !in.literal(':')) return {};
    const auto second = in.digits(2);
    if (!second || *second > 59) return {};
    return hours(*hour) + minutes(*minute) + seconds(*second);
}

/// The zone designator as minutes east of UTC; absent and `Z` are zero.
struct zone {
    minutes offset{0};
    bool is_offset = false;
};

std::optional<zone> read_zone(scanner& in)
{
    if (in.at_end() || in.literal('Z')) return zone{};
    const bool negative = in.starts_with('-');
    if (!in.literal('+') && !in.literal('-')) return {};
    const auto hour = in.digits(2);
    if (!hour || *hour > 23 || !in.literal(':')) return {};
    const auto minute = in.digits(2);
    if (!minute || *minute > 59) return {};
    const minutes offset = hours(*hour) + minutes(*minute);
    return zone{negative ? -offset : offset, true};
}

milliseconds fraction_of_second(std::string_view digits)
{
    int value = 0;
    for (std::size_t i = 0; i < 3; ++i) {
        value = value * 10 + (i < digits.size() ? digits[i] - '0' : 0);
    }
    return milliseconds(value);
}

/// Writes the number with so many digits, and returns what follows them.
char* write_digits(char* to, unsigned number, unsigned count)
{
    for (auto* digit = to + count; digit != to; number /= 10) {
        *--digit = static_cast<char>('0' + number % 10);
    }
    return to + count;
}

std::string format(date_time instant, bool with_fraction)
{
    const auto day = std::chrono::floor<days>(instant.instant());
    const std::chrono::year_month_day date(day);
    const std::chrono::hh_mm_ss time(instant.instant() - day);
    std::array<char, 24> text;
    auto* end = write_digits(text.data(), static_cast<unsigned>(static_cast<int>(date.year())), 4);
    *end++ = '-';
    end = write_digits(end, static_cast<unsigned>(date.month()), 2);
    *end++ = '-';
    end = write_digits(end, static_cast<unsigned>(date.day()), 2);
    *end++ = 'T';
    end = write_digits(end, static_cast<unsigned>(time.hours().count()), 2);
    *end++ = ':';
    end = write_digits(end, static_cast<unsigned>(time.minutes().count()), 2);
    *end++ = ':';
    end = write_digits(end, static_cast<unsigned>(time.seconds().count()), 2);
    if (with_fraction) {
        *end++ = '.';
        end = write_digits(end, static_cast<unsigned>(time.subseconds().count()), 3);
    }
    *end++ = 'Z';
    return std::string(text.data(), end);
}

/// The instants that can be written with a year of four digits.
bool is_writable(date_time instant)
{
    using namespace std::chrono_literals;
    return instant.instant() >= std::chrono::sys_days(0y / 1 / 1) &&
           instant.instant() < std::chrono::sys_days(10000y / 1 / 1);
}

}  // namespace

std::string to_string(date_time instant)
{
    return format(instant, instant.milliseconds() % 1000 != 0);
}

std::string normalized(const parsed_date_time& read)
{
    return format(read.value, read.had_fraction);
}

std::optional<parsed_date_time> parse_date_time(std::string_view text)
{
    scanner in(text);
    const auto day = read_date(in);
    if (!day || !in.literal('T')) return {};
    const auto time = read_time_of_day(in);
    if (!time) return {};

    std::string_view fraction;
    if (in.literal('.')) {
        fraction = in.digit_run();
        if (fraction.empty() || fraction.size() > 9) return {};
    }
    const auto designator = read_zone(in);
    if (!designator || !in.at_end()) return {};

    parsed_date_time parsed;
    parsed.value = date_time(*day + *time + fraction_of_second(fraction) - designator->offset);
    if (!is_writable(parsed.value)) return {};
    parsed.had_fraction = !fraction.empty();
    parsed.had_offset = designator->is_offset;
    return parsed;
}

}  // namespace ocpi
