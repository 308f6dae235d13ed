#include "modules/managed/schedule.hpp"

#include <chrono>

namespace ocpi::managed {
namespace {

using std::chrono::days;
using std::chrono::local_days;

/// The end of the year 9999.
constexpr auto last_writable = date_time::from_milliseconds(253'402'300'799'999);

/// True when `other` is std::nullopt, later, or at the same time with a lower target.
bool goes_before(const scheduled_target& one, const std::optional<scheduled_target>& other)
{
    if (!other || one.ready_by < other->ready_by) return true;
    return one.ready_by == other->ready_by &&
           one.minimum_charge_target > other->minimum_charge_target;
}

}  // namespace

std::optional<scheduled_target> next_scheduled(const policy& rule, date_time after)
{
    const auto today = std::chrono::floor<days>(rule.timezone.local(after));
    std::optional<scheduled_target> next;
    // What came before today has been shown before. The same weekday next week is seven days away,
    // or eight where clocks have been set back over midnight: they show today once more.
    for (auto day = today; day <= today + days(8); day += days(1)) {
        const auto weekday = std::chrono::weekday(day).c_encoding();
        for (const auto& entry : rule.schedule) {
            if (!entry.weekdays[weekday]) continue;
            scheduled_target candidate;
            candidate.ready_by = rule.timezone.instant(day + entry.ready_by);
            if (candidate.ready_by <= after || candidate.ready_by > last_writable) continue;
            candidate.minimum_charge_target = entry.minimum_charge_target;
            if (goes_before(candidate, next)) next = candidate;
        }
    }
    return next;
}

target to_target(const scheduled_target& scheduled)
{
    target made;
    made.type = target_type::regular;
    made.source = target_source::policy;
    made.minimum_charge_target = scheduled.minimum_charge_target;
    made.ready_by = scheduled.ready_by;
    return made;
}

}  // namespace ocpi::managed
