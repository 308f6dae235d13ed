#include "modules/managed/target_history.hpp"

#include "modules/managed/schedule.hpp"

#include <algorithm>
#include <utility>

namespace ocpi::managed {
namespace {

void append(target_history& log, std::optional<target> wanted, date_time now)
{
    if (log.empty()) log.push_back({1, now, {}});
    // Whatever came before holds at least until the entry begins that takes its place.
    const auto since = std::max(log.back().since, now);
    const auto id = log.back().id + 1;
    if (log.size() == max_remembered_targets) log.erase(log.begin());
    log.push_back({id, since, std::move(wanted)});
}

}  // namespace

bool is_immediate(const target_entry& entry) noexcept
{
    return entry.user_override && entry.user_override->type == target_type::immediate_start;
}

target_entry target_in_force(const target_history& log, date_time instant)
{
    if (log.empty()) return {};
    const auto later =
        std::find_if(log.begin() + 1, log.end(),
                     [instant](const target_entry& entry) { return entry.since > instant; });
    return *(later - 1);
}

std::optional<target> target_of(const target_entry& entry, const policy& rule, date_time instant)
{
    if (entry.user_override) return entry.user_override;
    const auto next = next_scheduled(rule, instant);
    if (!next) return std::nullopt;
    target scheduled;
    scheduled.minimum_charge_target = next->minimum_charge_target;
    scheduled.ready_by = next->ready_by;
    return scheduled;
}

void begin_override(target_history& log, const target& wanted, date_time now)
{
    if (!log.empty() && log.back().user_override == wanted) return;
    append(log, wanted, now);
}

void end_override(target_history& log, date_time now)
{
    if (log.empty() || !log.back().user_override) return;
    append(log, std::nullopt, now);
}

const decimal& reserve_of(const target_entry& entry, const policy& rule)
{
    return entry.battery_reserve ? *entry.battery_reserve : rule.battery_reserve;
}

void change_policy(target_history& log, const policy& before, const policy& after, date_time now)
{
    const auto entry = log.empty() ? target_entry{} : log.back();
    const bool keeps_reserve = before.battery_reserve == after.battery_reserve;
    // An immediate start knows of no reserve.
    const bool is_same = target_of(entry, before, now) == target_of(entry, after, now) &&
                         (keeps_reserve || is_immediate(entry));
    if (!is_same) append(log, entry.user_override, now);
    if (keeps_reserve) return;
    const auto present = is_same ? log.end() : log.end() - 1;
    for (auto past = log.begin(); past != present; ++past) {
        if (!past->battery_reserve) past->battery_reserve = before.battery_reserve;
    }
}

void expire_unused(target_history& log, date_time now)
{
    if (log.empty() || !log.back().user_override) return;
    const auto deadline = log.back().user_override->ready_by;
    if (deadline && *deadline <= now) end_override(log, *deadline);
}

void keep_latest(target_history& log)
{
    if (log.size() > 1) log.erase(log.begin(), log.end() - 1);
}

}  // namespace ocpi::managed
