#include "modules/managed/blocks.hpp"

#include <algorithm>
#include <optional>

namespace ocpi::managed {
namespace {

/// The first entry of the log that begins after that instant.
std::optional<date_time> next_entry(const target_history& log, date_time after)
{
    for (const auto& entry : log) {
        if (entry.since > after) return entry.since;
    }
    return std::nullopt;
}

struct typed_run {
    block_type type;
    date_time end;
};

/// Tells of which types the runs of energy are, one after another.
class run_types {
public:
    run_types(const managed_session& session, const charging_history& reading)
        : rule_(session.rule), targets_(session.targets), battery_(reading.battery)
    {
    }

    /// From that instant on, which is never before the one asked for last; and until when at most.
    typed_run from(date_time begin, date_time end)
    {
        if (const auto next = next_entry(targets_, begin)) end = std::min(end, *next);
        const auto entry = target_in_force(targets_, begin);
        if (is_immediate(entry)) return {block_type::immediate_start, end};
        const auto level = battery_.level_at(begin);
        const auto reserve = to_rational(reserve_of(entry, rule_));
        if (!level || *level >= reserve) return {block_type::regular, end};
        const auto reached = reserve_reached(reserve, begin);
        if (reached && *reached > begin) end = std::min(end, *reached);
        return {block_type::battery_reserve, end};
    }

private:
    /// The result is valid until it is reached: it is not computed again for each period.
    std::optional<date_time> reserve_reached(const rational& reserve, date_time begin)
    {
        if (known_for_ != reserve || (reached_ && *reached_ <= begin)) {
            reached_ = battery_.first_reached(reserve, begin);
            known_for_ = reserve;
        }
        return reached_;
    }

    const policy& rule_;
    const target_history& targets_;
    const metering::state_of_charge& battery_;
    std::optional<rational> known_for_;
    std::optional<date_time> reached_;
};

/// How much of it is planned from that instant on.
rational rest_of(const plan& planned, const planned_block& joint, date_time from)
{
    rational rest = 0;
    for (const auto& part : planned) {
        if (part.end <= from || part.start >= joint.end) continue;
        const auto begin = std::max(part.start, from);
        rest += part.kwh * rational(part.end.milliseconds() - begin.milliseconds(),
                                    part.end.milliseconds() - part.start.milliseconds());
    }
    return rest;
}

}  // namespace

plan merge_adjacent(const plan& planned)
{
    plan joints;
    for (const auto& part : planned) {
        const bool touches =
            !joints.empty() && joints.back().end == part.start && joints.back().type == part.type;
        if (touches) {
            joints.back().end = part.end;
            joints.back().kwh += part.kwh;
        } else {
            joints.push_back(part);
        }
    }
    return joints;
}

std::vector<block> past_blocks(const managed_session& session, const charging_history& reading)
{
    std::vector<block> blocks;
    run_types types(session, reading);
    for (const auto& flow : reading.energy.flows()) {
        auto begin = flow.start;
        // Where plug-in is the present, a flow has energy but no time.
        do {
            const auto run = types.from(begin, flow.end);
            const bool goes_on = begin > flow.start && blocks.back().type == run.type;
            if (goes_on) {
                blocks.back().end = run.end;
            } else {
                blocks.push_back({run.type, {}, begin, run.end});
            }
            begin = run.end;
        } while (begin < flow.end);
    }
    for (auto& each : blocks) each.kwh_sum = reading.energy.delivered(each.start, each.end);
    return blocks;
}

std::vector<block> future_blocks(const managed_session& session, const charging_history& reading,
                                 date_time now)
{
    std::vector<block> blocks;
    const auto& flows = reading.energy.flows();
    for (const auto& joint : merge_adjacent(session.planned)) {
        if (joint.end <= now) continue;
        const bool has_flowed = !flows.empty() && flows.back().end > joint.start;
        if (joint.start >= now) {
            blocks.push_back({joint.type, to_decimal(joint.kwh), joint.start, joint.end});
        } else if (!has_flowed) {
            blocks.push_back({joint.type, decimal(), joint.start, joint.end});
        } else {
            const auto rest = rest_of(session.planned, joint, now);
            blocks.push_back({joint.type, to_decimal(rest), now, joint.end});
        }
    }
    return blocks;
}

}  // namespace ocpi::managed
