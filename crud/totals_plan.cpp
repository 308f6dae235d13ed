#include "crud/totals_plan.hpp"

#include <algorithm>
#include <optional>

namespace ocpi::crud {
namespace {

constexpr auto quarter = total_level::quarter_hour_of_update;
constexpr auto day = total_level::day_of_update;

/// The first slot that begins at that instant or later.
std::int64_t slot_from(date_time instant, total_level level)
{
    const auto slot = slot_of(instant, level);
    return start_of_slot(slot, level) < instant ? slot + 1 : slot;
}

/// The slots that are within the range; more than empty when it is within one slot.
slot_range slots_within(const category_range& range, total_level level)
{
    slot_range slots;
    if (range.from) slots.from = slot_from(*range.from, level);
    if (range.to) slots.to = slot_of(*range.to, level);
    return slots;
}

std::int64_t quarter_of_day(std::int64_t of)
{
    return slot_of(start_of_slot(of, day), quarter);
}

/// Fills a plan, leaving empty parts out.
class plan_filler {
public:
    explicit plan_filler(totals_plan& into) : into_(into) {}

    /// Of days, of the quarter-hours beside them, and of the records beside these.
    void add_by_update(const category_range& range)
    {
        const auto quarters = slots_within(range, quarter);
        if (quarters.from > quarters.to) {
            add_rest(range.category, *range.from, *range.to);
            return;
        }
        const auto days = slots_within(range, day);
        if (days.is_empty()) {
            add_slots(range.category, quarter, quarters);
        } else {
            add_slots(range.category, day, days);
            if (range.from) {
                add_slots(range.category, quarter, {quarters.from, quarter_of_day(days.from)});
            }
            if (range.to) {
                add_slots(range.category, quarter, {quarter_of_day(days.to), quarters.to});
            }
        }
        if (range.from) {
            add_rest(range.category, *range.from, start_of_slot(quarters.from, quarter));
        }
        if (range.to) add_rest(range.category, start_of_slot(quarters.to, quarter), *range.to);
    }

    void add_by_start(const category_range& range)
    {
        constexpr auto level = total_level::quarter_hour_of_start;
        add_slots(range.category, level, slots_within(range, level));
    }

private:
    void add_slots(const std::string& category, total_level level, slot_range slots)
    {
        if (slots.is_empty()) return;
        auto& part = into_.slots.emplace_back();
        part.category = category;
        part.level = level;
        part.slots = slots;
    }

    void add_rest(const std::string& category, date_time from, date_time to)
    {
        if (from >= to) return;
        auto& part = into_.rests.emplace_back();
        part.category = category;
        part.range.from = from;
        part.range.to = to;
    }

    totals_plan& into_;
};

bool is_on_slots(const category_range& range, total_level level)
{
    const auto is_start = [level](const std::optional<date_time>& instant) {
        return !instant || start_of_slot(slot_of(*instant, level), level) == *instant;
    };
    return is_start(range.from) && is_start(range.to);
}

}  // namespace

days_plan split_into_days(instant_range range)
{
    days_plan plan;
    const auto add_rest = [&](date_time from, date_time to) {
        if (from >= to) return;
        auto& rest = plan.rests.emplace_back();
        rest.from = from;
        rest.to = to;
    };
    const slot_range days(slot_from(range.from, day), slot_of(range.to, day));
    if (days.is_empty()) {
        add_rest(range.from, range.to);
        return plan;
    }
    plan.days = days;
    add_rest(range.from, start_of_slot(days.from, day));
    add_rest(start_of_slot(days.to, day), range.to);
    return plan;
}

bool is_summed_by_slots(const totals_query& wanted)
{
    if (!wanted.text.empty() || wanted.contracts) return false;
    return !wanted.by_start ||
           std::all_of(wanted.ranges.begin(), wanted.ranges.end(), [](const category_range& each) {
               return is_on_slots(each, total_level::quarter_hour_of_start);
           });
}

totals_plan plan_totals(const totals_query& wanted)
{
    totals_plan plan;
    plan_filler filler(plan);
    for (const auto& range : wanted.ranges) {
        if (wanted.by_start) {
            filler.add_by_start(range);
        } else {
            filler.add_by_update(range);
        }
    }
    return plan;
}

}  // namespace ocpi::crud
