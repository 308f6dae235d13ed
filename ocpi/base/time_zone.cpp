#include "ocpi/base/time_zone.hpp"

#include <date/tz.h>

#include <algorithm>
#include <stdexcept>
#include <utility>

// The library knows clock changes up to 2037. After that it would leave clocks unchanged; the rule
// of further changes is not part of its data. Months of later years are therefore looked up among
// those of 2027 to 2037 that begin on the same weekday: rules go by weekdays of months.

namespace ocpi {
namespace {

using std::chrono::days;
using std::chrono::milliseconds;
using std::chrono::sys_days;
using std::chrono::year;

constexpr sys_days end_of_known{year(2038) / 1 / 1};

const date::time_zone& as_zone(const void* zone)
{
    return *static_cast<const date::time_zone*>(zone);
}

date_time to_date_time(std::chrono::sys_seconds instant)
{
    return date_time(date_time::time_point(instant));
}

std::chrono::local_days end_of_month(local_time shown)
{
    const std::chrono::year_month_day date(std::chrono::floor<days>(shown));
    return std::chrono::local_days((date.year() / date.month() + std::chrono::months(1)) / 1);
}

/// Clocks are set in 2037, and the library knows of nothing after that.
bool sets_clocks_for_ever(const date::time_zone& zone)
{
    const auto last = zone.get_info(end_of_known);
    return last.end > end_of_known + days(366) && last.begin >= end_of_known - days(365);
}

}  // namespace

time_zone::time_zone() : time_zone(date::locate_zone("Etc/UTC"), "UTC") {}

time_zone::time_zone(const void* zone, std::string name)
    : zone_(zone),
      name_(std::move(name)),
      sets_clocks_for_ever_(sets_clocks_for_ever(as_zone(zone)))
{
}

std::optional<time_zone> time_zone::find(std::string_view name)
{
    date::get_tzdb();  // throws when there is none
    try {
        return time_zone(date::locate_zone(name), std::string(name));
    } catch (const std::runtime_error&) {
        return std::nullopt;  // the one way in which the library says that there is no such zone
    }
}

/// How long before it there is the same day of a month that is known; 0 where that day is known.
days time_zone::distance_to_known(local_time shown) const
{
    using namespace std::chrono;
    const auto day = floor<days>(shown);
    if (!sets_clocks_for_ever_ || day.time_since_epoch() < end_of_known.time_since_epoch()) {
        return days(0);
    }
    const year_month_day date(day);
    const local_days first(date.year() / date.month() / 1);
    for (auto known = year(2037);; --known) {
        // Where months of a leap year begin, those of others do in another year.
        const local_days same(known / date.month() / 1);
        if (!known.is_leap() && weekday(same) == weekday(first)) return first - same;
    }
}

local_time time_zone::local(date_time instant) const
{
    const auto distance = distance_to_known(local_time(instant.instant().time_since_epoch()));
    const auto shown = as_zone(zone_).to_local(instant.instant() - distance);
    return local_time(shown.time_since_epoch() + distance);
}

date_time time_zone::instant(local_time shown) const
{
    const auto distance = distance_to_known(shown);
    const date::local_time<milliseconds> wanted(shown.time_since_epoch() - distance);
    const auto info = as_zone(zone_).get_info(wanted);
    const bool is_passed_over = info.result == date::local_info::nonexistent;
    const milliseconds known = is_passed_over ? info.first.end.time_since_epoch()
                                              : wanted.time_since_epoch() - info.first.offset;
    return date_time(date_time::time_point(known + distance));
}

std::optional<date_time> time_zone::next_shift(date_time after) const
{
    const auto last = after.instant() + std::chrono::years(10);
    auto from = after.instant();
    while (from < last) {
        const local_time day(from.time_since_epoch());
        const auto distance = distance_to_known(day);
        // What is known is gone through record by record, what is not month by month.
        auto until = last;
        if (distance != days(0)) {
            until = date_time::time_point(end_of_month(day).time_since_epoch());
        } else if (sets_clocks_for_ever_) {
            until = std::min<date_time::time_point>(last, end_of_known);
        }
        auto info = as_zone(zone_).get_info(from - distance);
        // A zone's record may change without its clocks being set: its abbreviation may.
        while (info.end + distance < until) {
            const auto next = as_zone(zone_).get_info(info.end);
            if (next.offset != info.offset) return to_date_time(info.end + distance);
            info = next;
        }
        from = until;
    }
    return std::nullopt;
}

}  // namespace ocpi
