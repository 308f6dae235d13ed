#include "modules/driver_plans/driver_plan_usage.hpp"

#include <utility>

namespace ocpi::driver_plans {
namespace {

/// One without energy takes memory too.
std::size_t size_of(const energy_curve& curve)
{
    return 1 + curve.size();
}

}  // namespace

plan_usage::plan_usage(driver_plan plan) : plan_(std::move(plan)), bounds_(tier_bounds(plan_)) {}

void plan_usage::set(const std::string& session, crud::revision revision,
                     const std::vector<metering_event>& events)
{
    const auto found = sessions_.find(session);
    if (found != sessions_.end() && revision <= found->second.revision) return;
    energy_curve curve(events);
    auto& known = sessions_[session];
    forget_marks(known.curve);
    forget_marks(curve);
    if (found != sessions_.end()) size_ -= size_of(known.curve);
    size_ += size_of(curve);
    known.revision = revision;
    known.curve = std::move(curve);
}

std::optional<plan_price> plan_usage::price(const std::string& session)
{
    const auto found = sessions_.find(session);
    if (found == sessions_.end()) return {};
    return price_session(plan_, found->second.curve,
                         [this](const billing_period& period) { return marks_of(period); });
}

const std::vector<tier_crossing>& plan_usage::marks_of(const billing_period& period)
{
    const auto found = periods_.find(period.start);
    if (found != periods_.end()) return found->second.marks;
    std::vector<const energy_curve*> curves;
    curves.reserve(sessions_.size());
    for (const auto& [key, known] : sessions_) curves.push_back(&known.curve);
    known_period added{period, find_tier_crossings(curves, period, bounds_)};
    return periods_.emplace(period.start, std::move(added)).first->second.marks;
}

void plan_usage::forget_marks(const energy_curve& touched)
{
    if (touched.empty()) return;
    std::erase_if(periods_, [&](const auto& each) {
        const auto& period = each.second.period;
        return period.start <= touched.end() && touched.begin() < period.end;
    });
}

}  // namespace ocpi::driver_plans
