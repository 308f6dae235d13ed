#include "modules/driver_plans/driver_plan_marks.hpp"

#include "modules/metering/fixed_point.hpp"

#include <algorithm>
#include <cstdint>
#include <iterator>

namespace ocpi::driver_plans {
namespace {

/// The usage of a plan since a billing period began, as the sum of its sessions, between two
/// milliseconds that come ever closer: sessions beside that stretch need no further look. Where
/// estimates are in doubt, fractions decide, which are slow: denominators of many sessions have
/// little in common.
class usage {
public:
    usage(const std::vector<const energy_curve*>& sessions, const billing_period& period)
    {
        for (const auto* session : sessions) {
            if (session->empty() || session->end() < period.start ||
                session->begin() >= period.end) {
                continue;
            }
            auto at_start = session->before(period.start);
            rational energy = session->before(period.end) - at_start;
            if (energy == 0) continue;
            total_ += energy;
            doubt_ += session->estimated_total();
            flows_.emplace_back(session, std::move(at_start), std::move(energy));
        }
        // Of each session's estimate, and of adding them up.
        doubt_ *= 1e-13 + 4e-16 * static_cast<double>(flows_.size());
    }

    /// By the end of the period.
    const rational& total() const noexcept { return total_; }

    /// What is asked from now on lies at that millisecond or later.
    void move_begin_to(std::int64_t milliseconds)
    {
        std::erase_if(flows_, [&](const flow& each) {
            if (each.session->end().milliseconds() > milliseconds) return false;
            settled_ += each.energy;
            about_settled_ += each.about_energy;
            return true;
        });
    }

    /// What is asked until restart() lies at that millisecond or earlier.
    void move_end_to(std::int64_t milliseconds)
    {
        const auto first_later = std::partition(
            flows_.begin(), flows_.end(),
            [&](const flow& each) { return each.session->begin().milliseconds() <= milliseconds; });
        std::move(first_later, flows_.end(), std::back_inserter(later_));
        flows_.erase(first_later, flows_.end());
    }

    void restart()
    {
        std::move(later_.begin(), later_.end(), std::back_inserter(flows_));
        later_.clear();
    }

    /// Whether through() that millisecond is at least the bound, which is less than total().
    bool reaches(const rational& bound, std::int64_t milliseconds) const
    {
        auto about = about_settled_ - about_of(bound);
        for (const auto& each : flows_) {
            about += each.session->estimate_through(milliseconds) - each.about_at_start;
        }
        if (about > doubt_) return true;
        if (about < -doubt_) return false;
        return through(milliseconds) >= bound;
    }

    rational before(std::int64_t milliseconds) const
    {
        rational sum = settled_;
        for (const auto& each : flows_) {
            sum += each.session->before(fine_instant(milliseconds, 0)) - each.at_start;
        }
        return sum;
    }

    rational through(std::int64_t milliseconds) const
    {
        rational sum = settled_;
        for (const auto& each : flows_) {
            sum += each.session->through(fine_instant(milliseconds, 0)) - each.at_start;
        }
        return sum;
    }

private:
    static double about_of(const rational& kwh)
    {
        return metering::approximate(numerator(kwh), denominator(kwh));
    }

    struct flow {
        const energy_curve* session;
        rational at_start;  ///< what it had before the period
        rational energy;    ///< what it has within the period
        double about_at_start;
        double about_energy;

        flow(const energy_curve* of, rational before, rational within)
            : session(of),
              at_start(std::move(before)),
              energy(std::move(within)),
              about_at_start(about_of(at_start)),
              about_energy(about_of(energy))
        {
        }
    };

    rational total_ = 0;
    rational settled_ = 0;  ///< of sessions that have ended
    double about_settled_ = 0;
    double doubt_ = 0;         ///< how far a sum of estimates may be off
    std::vector<flow> flows_;  ///< the sessions of the stretch
    std::vector<flow> later_;  ///< those after it
};

/// Where the usage reaches the bound, which it passes after `low` and before the period ends.
/// Leaves `low` at the last millisecond by which it has not: a start for the next bound.
tier_crossing find_mark(usage& used, std::int64_t& low, const billing_period& period,
                        const rational& bound)
{
    auto high = period.end.milliseconds();
    while (high - low > 1) {
        const auto middle = low + (high - low) / 2;
        if (used.reaches(bound, middle)) {
            high = middle;
            used.move_end_to(high);
        } else {
            low = middle;
            used.move_begin_to(low);
        }
    }
    const auto arrived = used.before(high);
    if (arrived < bound) {
        rational share = (bound - arrived) / (used.through(high) - arrived);
        return tier_crossing(fine_instant(high, 0), std::move(share));
    }
    const auto left = used.through(low);
    rational past = (bound - left) / (arrived - left);
    if (past == 1) return tier_crossing(fine_instant(high, 0), 0);
    return tier_crossing(fine_instant(low, std::move(past)), 0);
}

}  // namespace

std::vector<tier_crossing> find_tier_crossings(const std::vector<const energy_curve*>& sessions,
                                               const billing_period& period,
                                               const std::vector<rational>& bounds)
{
    usage used(sessions, period);
    std::vector<tier_crossing> marks;
    auto low = period.start.milliseconds() - 1;
    for (const auto& bound : bounds) {
        if (used.total() <= bound) break;
        marks.push_back(find_mark(used, low, period, bound));
        used.restart();
    }
    return marks;
}

rational energy_below(const tier_crossing& mark, const energy_curve& session)
{
    auto energy = session.before(mark.at);
    if (mark.share > 0) energy += (session.through(mark.at) - energy) * mark.share;
    return energy;
}

}  // namespace ocpi::driver_plans
