#include "modules/metering/energy_series.hpp"

#include "modules/metering/fixed_point.hpp"

#include <algorithm>
#include <utility>

namespace ocpi::metering {
namespace {

using boost::multiprecision::cpp_int;

/// Of energy within a stretch of time, when it is an endless fraction.
constexpr unsigned min_rounding_places = 12;

/// The usable session.kwh; std::nullopt when unknown.
std::optional<decimal> read_kwh(const sessions::session_data& seen, std::vector<std::string>& notes)
{
    const auto& kwh = seen.fields.kwh;
    if (!kwh) {
        notes.emplace_back("kwh is not known: what was reported counts");
        return {};
    }
    if (!kwh->is_negative()) return kwh;
    notes.emplace_back("kwh is negative and counts as 0");
    return decimal();
}

/// When it ended, if it did.
std::optional<date_time> end_of(const sessions::session_data& seen)
{
    if (sessions::is_live(seen)) return {};
    return seen.fields.end_date_time ? seen.fields.end_date_time : seen.meter.ended_at;
}

cpp_int milliseconds_between(date_time from, date_time to)
{
    return cpp_int(to.milliseconds() - from.milliseconds());
}

/// So much finer that rounding the energy cannot be seen in the power.
const cpp_int& finer()
{
    static const cpp_int factor = power_of_ten(12);
    return factor;
}

/// The first of the points, all of which ascend, that is later.
std::vector<reported_point>::const_iterator first_after(const std::vector<reported_point>& points,
                                                        date_time instant)
{
    return std::upper_bound(points.begin(), points.end(), instant,
                            [](date_time at, const reported_point& p) { return at < p.at; });
}

}  // namespace

energy_series::energy_series(const sessions::session_data& seen, date_time now)
{
    settle_bounds(seen, now);
    const auto kwh = read_kwh(seen, notes_);
    auto reported = read_reported_energy(seen, start_, until_, kwh);
    known_until_ = std::clamp(reported.known_until.value_or(start_), start_, until_);
    std::move(reported.notes.begin(), reported.notes.end(), std::back_inserter(notes_));
    fixed_point total;
    if (kwh) {
        total = to_fixed_point(*kwh);
    } else if (!reported.points.empty()) {
        total = fixed_point{reported.points.back().amount, reported.places};
    }
    total_ = kwh ? *kwh : decimal_of(total);
    places_ = std::max(total.places, reported.places);
    if (places_ > reported.places) {
        const auto finer = power_of_ten(places_ - reported.places);
        for (auto& point : reported.points) point.amount *= finer;
    }
    place(std::move(reported.points));
    fit_to(metering::amount_at(std::move(total), places_));
    prepare_rounding();
    find_flows();
}

void energy_series::settle_bounds(const sessions::session_data& seen, date_time now)
{
    until_ = end_of(seen).value_or(now);
    start_ = seen.fields.start_date_time.value_or(until_);
    if (until_ < start_) {
        if (!sessions::is_live(seen)) notes_.emplace_back("the session ends before it starts");
        until_ = start_;
    }
}

/// Puts the points between the bounds. What was delivered before plug-in thereby comes after it,
/// and what was delivered after the end before that.
void energy_series::place(std::vector<reported_point> reported)
{
    if (reported.empty()) {
        points_.emplace_back(start_, 0);
        return;
    }
    const bool is_outside = reported.front().at < start_ || reported.back().at > until_;
    if (is_outside) {
        notes_.emplace_back("energy reported for a time outside the session counts at its bound");
    }
    points_.reserve(reported.size() + 2);
    points_.emplace_back(start_, 0);
    for (auto& point : reported) {
        const auto at = std::clamp(point.at, start_, until_);
        if (at == start_) continue;
        if (at == points_.back().at) {
            points_.back().amount = std::move(point.amount);
        } else {
            points_.emplace_back(at, std::move(point.amount));
        }
    }
}

void energy_series::fit_to(const cpp_int& total)
{
    const auto& placed = points_.back().amount;
    const bool has_time_left = points_.back().at < until_;
    if (placed > total) {
        notes_.emplace_back("more energy was reported than kwh: it is scaled down");
        scale_ = fraction{total, placed};
    } else if (placed < total && !has_time_left && placed > 0) {
        notes_.emplace_back("less energy was reported than kwh: it is scaled up");
        scale_ = fraction{total, placed};
    } else if (placed < total && !has_time_left) {
        notes_.emplace_back("kwh is known, but not when it was delivered: it is spread evenly");
        points_.resize(1, points_.front());
        if (until_ > start_) points_.emplace_back(until_, total);
    } else if (has_time_left) {
        points_.emplace_back(until_, total);
    }
    if (points_.back().at < until_) {
        cpp_int last = points_.back().amount;
        points_.emplace_back(until_, std::move(last));
    }
}

void energy_series::prepare_rounding()
{
    const auto total = to_fixed_point(total_);
    rounding_places_ = std::max(min_rounding_places, total.places);
    rounded_total_ = metering::amount_at(total, rounding_places_);
    rounding_ = scale_;
    estimated_total_ = approximate(rounded_total_, power_of_ten(rounding_places_));
    if (rounding_places_ >= places_) {
        rounding_.above *= power_of_ten(rounding_places_ - places_);
    } else {
        rounding_.below *= power_of_ten(places_ - rounding_places_);
    }
}

energy_series::fraction energy_series::amount_at(date_time instant) const
{
    const auto next = first_after(points_, instant);
    const auto& before = *std::prev(next);
    if (next == points_.end() || next->amount == before.amount || before.at == instant) {
        return fraction{before.amount, 1};
    }
    const auto whole = milliseconds_between(before.at, next->at);
    const auto part = milliseconds_between(before.at, instant);
    return fraction{before.amount * whole + (next->amount - before.amount) * part, whole};
}

cpp_int energy_series::rounded_at(date_time instant, const cpp_int& finer) const
{
    if (instant >= until_) return rounded_total_ * finer;
    if (instant <= start_) return 0;
    auto value = amount_at(instant);
    value.above *= rounding_.above * finer;
    value.below *= rounding_.below;
    if (value.below == 1) return value.above;
    return (value.above * 2 + value.below) / (value.below * 2);
}

energy_series::mark energy_series::mark_at(date_time instant) const
{
    mark made;
    made.at_ = instant;
    made.amount_ = rounded_at(instant, 1);
    made.finer_amount_ = rounded_at(instant, finer());
    return made;
}

rational energy_series::delivered_at(date_time instant) const
{
    if (instant >= until_) return rational(rounded_total_, power_of_ten(rounding_places_));
    if (instant <= start_) return 0;
    auto value = amount_at(instant);
    value.below *= power_of_ten(places_) * scale_.below;
    return rational(value.above * scale_.above, value.below);
}

/// Of what was delivered by two instants, the part between them.
cpp_int energy_series::rounded_between(date_time from, const cpp_int& by_from, date_time to,
                                       const cpp_int& by_to) const
{
    if (to < from || to < start_) return 0;
    return from > start_ ? cpp_int(by_to - by_from) : by_to;
}

decimal energy_series::delivered(date_time from, date_time to) const
{
    return to_decimal(rounded_between(from, rounded_at(from, 1), to, rounded_at(to, 1)),
                      rounding_places_);
}

decimal energy_series::delivered(const mark& from, const mark& to) const
{
    return to_decimal(rounded_between(from.at_, from.amount_, to.at_, to.amount_),
                      rounding_places_);
}

decimal energy_series::average_kw(const mark& from, const mark& to) const
{
    if (to.at_ <= from.at_) return {};
    static const cpp_int milliseconds_per_hour = 3'600'000;
    const cpp_int above = rounded_between(from.at_, from.finer_amount_, to.at_, to.finer_amount_) *
                          milliseconds_per_hour * 2;
    const cpp_int below = milliseconds_between(from.at_, to.at_) * finer();
    return to_decimal(cpp_int((above + below) / (below * 2)), rounding_places_);
}

std::optional<date_time> energy_series::first_delivered(const rational& kwh) const
{
    if (kwh <= 0) return start_;
    if (kwh > delivered_at(until_)) return {};
    const rational unit(power_of_ten(places_) * scale_.below, scale_.above);
    const rational wanted = kwh * unit;
    const auto next = std::lower_bound(
        points_.begin(), points_.end(), wanted,
        [](const reported_point& point, const rational& amount) { return point.amount < amount; });
    if (next == points_.begin() || next == points_.end()) return until_;
    const auto& before = *std::prev(next);
    const rational share = (wanted - before.amount) / (next->amount - before.amount);
    const rational part = share * milliseconds_between(before.at, next->at);
    const cpp_int below = denominator(part);
    const cpp_int rounded_up = (numerator(part) + below - 1) / below;
    return date_time::from_milliseconds(before.at.milliseconds() +
                                        static_cast<std::int64_t>(rounded_up));
}

double energy_series::estimate_at(date_time instant) const
{
    const auto& all = points_.back().amount;
    if (all.is_zero()) return 0;
    instant = std::clamp(instant, start_, until_);
    const auto next = first_after(points_, instant);
    const auto& before = *std::prev(next);
    auto share = approximate(before.amount, all);
    if (next != points_.end()) {
        const auto whole = static_cast<double>(next->at.milliseconds() - before.at.milliseconds());
        const auto part = static_cast<double>(instant.milliseconds() - before.at.milliseconds());
        share += (approximate(next->amount, all) - share) * part / whole;
    }
    return share * estimated_total_;
}

template <class Take>
void energy_series::for_each_even_flow(Take take) const
{
    if (total_.is_zero()) return;
    if (points_.size() == 1) return take(flow{start_, until_});
    for (std::size_t i = 1; i < points_.size(); ++i) {
        const auto& before = points_[i - 1];
        const auto& after = points_[i];
        if (before.amount != after.amount) take(flow{before.at, after.at});
    }
}

void energy_series::find_flows()
{
    for_each_even_flow([this](const flow& each) {
        if (!flows_.empty() && flows_.back().end == each.start) {
            flows_.back().end = each.end;
        } else {
            flows_.push_back(each);
        }
    });
}

std::vector<flow> energy_series::reported_flows() const
{
    auto found = flows_;
    while (!found.empty() && found.back().start >= known_until_) found.pop_back();
    if (!found.empty()) found.back().end = std::min(found.back().end, known_until_);
    return found;
}

std::vector<flow> energy_series::even_flows() const
{
    std::vector<flow> found;
    for_each_even_flow([&found](const flow& each) { found.push_back(each); });
    return found;
}

}  // namespace ocpi::metering
