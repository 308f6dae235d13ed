#include "app/simulate/simulated_session.hpp"

#include "app/simulate/instants.hpp"
#include "app/simulate/session_json.hpp"

#include <algorithm>

namespace ocpi::app::simulate {
namespace {

using std::chrono::milliseconds;

/// So long a session that stays PENDING occupies its charge point.
constexpr std::chrono::minutes patience_when_pending{30};

bool is_night(const time_zone& zone, date_time at)
{
    const auto local = zone.local(at);
    const auto time_of_day = local - std::chrono::floor<std::chrono::days>(local);
    return time_of_day < std::chrono::hours(7) || time_of_day >= std::chrono::hours(23);
}

}  // namespace

simulated_session::simulated_session(const simulate::fleet& fleet, evse& at, vehicle& driven,
                                     session_course course, std::optional<outage> pause,
                                     date_time plug_in, random_source random)
    : fleet_(&fleet),
      at_(&at),
      driven_(&driven),
      course_(std::move(course)),
      random_(random),
      schedule_(course_.delivery, pause, random_.fork()),
      next_step_(plug_in),
      departure_(later_by(plug_in, course_.stay)),
      simulated_to_(plug_in),
      level_wh_(course_.level_wh)
{
    if (course_.flaw == defect::clock_is_off) {
        constexpr std::int64_t hour = 3'600'000;
        clock_offset_ms_ = random_.between(-2 * hour, 2 * hour) / 1000 * 1000;
    }
}

std::optional<date_time> simulated_session::next() const
{
    const auto due = schedule_.next();
    if (phase_ == phase::over) return due;
    return due ? std::min(*due, next_step_) : next_step_;
}

std::vector<session_write> simulated_session::advance(date_time now)
{
    while (phase_ != phase::over && next_step_ <= now) {
        const auto at = next_step_;
        switch (phase_) {
            case phase::unplugged: begin(at); break;
            case phase::pending: start(at); break;
            case phase::active: at < departure_ ? update(at) : end(at); break;
            case phase::ended: settle(at); break;
            case phase::over: break;
        }
    }
    return schedule_.take(now);
}

std::vector<session_write> simulated_session::flush(date_time now)
{
    schedule_.flush(now);
    return schedule_.take(now);
}

session_write simulated_session::repair()
{
    schedule_.clear();
    session_write whole;
    whole.is_put = true;
    whole.body = document_.take_whole();
    whole.last_updated = simulated_to_;
    whole.reason = write_reason::repair;
    return whole;
}

void simulated_session::obey(accepted_preferences preferences, date_time now)
{
    if (preferences.departure_time && phase_ == phase::active) {
        departure_ = std::max(*preferences.departure_time, later_by(now, std::chrono::minutes(1)));
        next_step_ = std::min(next_step_, departure_);
    }
    preferences_ = std::move(preferences);
    energy_at_acceptance_wh_ = energy_wh_;
}

bool simulated_session::has_left() const noexcept
{
    return phase_ == phase::ended || phase_ == phase::over;
}

void simulated_session::begin(date_time now)
{
    status_ = "PENDING";
    write_identity(document_, *fleet_, *at_, *driven_, course_.id);
    document_.set_string("start_date_time", stamp(now));
    document_.set("kwh", "0");
    if (course_.tells_soc_start) {
        document_.set("soc_start", std::to_string(level_wh_ * 100 / driven_->battery_wh));
    }
    phase_ = phase::pending;
    next_step_ = later_by(
        now, course_.flaw == defect::stays_pending || course_.flaw == defect::becomes_invalid
                 ? milliseconds(patience_when_pending)
                 : milliseconds(course_.pending));
    send(true, now);
}

void simulated_session::start(date_time now)
{
    if (course_.flaw == defect::stays_pending || course_.flaw == defect::becomes_invalid) {
        phase_ = phase::over;
        if (course_.flaw == defect::stays_pending) return;
        status_ = "INVALID";
        simulated_to_ = now;
        return send(false, now);
    }
    status_ = "ACTIVE";
    phase_ = phase::active;
    simulated_to_ = now;
    period_begin_ = now;
    register_begin_wh_ = at_->register_wh;
    document_.set_string("start_date_time", stamp(now));
    add_meter_value("Transaction.Begin", register_begin_wh_, now);
    next_step_ = std::min(later_by(now, course_.interval), departure_);
    send(course_.starts_by_put, now);
}

void simulated_session::update(date_time now)
{
    charge_until(now);
    add_period(now);
    constexpr int update_with_reset = 2;
    const bool is_reset =
        ++updates_ == update_with_reset && course_.flaw == defect::register_resets;
    add_meter_value("Sample.Periodic", is_reset ? 0 : register_begin_wh_ + energy_wh_, now);
    plan_next_update(now);
    send(false, now);
}

/// While no energy flows there is less to tell, but a block may begin.
void simulated_session::plan_next_update(date_time now)
{
    constexpr std::chrono::minutes idle_interval{10};
    const bool is_idle = power_w_ == 0;
    next_step_ =
        later_by(now, is_idle ? std::max(course_.interval, idle_interval) : course_.interval);
    if (is_idle && plan_) {
        for (const auto& block : *plan_) {
            if (block.first > now) next_step_ = std::min(next_step_, block.first);
        }
    }
    next_step_ = std::min(next_step_, departure_);
}

void simulated_session::end(date_time now)
{
    charge_until(now);
    add_period(now);
    power_w_ = 0;
    status_ = "COMPLETED";
    document_.set_string("end_date_time", stamp(now));
    phase_ = phase::ended;
    next_step_ = later_by(now, course_.settlement_delay);
    if (course_.settlement_delay.count() == 0) return settle(now);
    send(false, now);
}

void simulated_session::settle(date_time now)
{
    if (course_.flaw != defect::no_final_reading) {
        add_meter_value("Transaction.End", register_begin_wh_ + energy_wh_,
                        std::min(now, departure_));
    }
    document_.set_string("status", status_);
    if (auto cost = write_total_cost(document_.text(), *fleet_, at_->tariff)) {
        document_.set("total_cost", std::move(*cost));
    }
    phase_ = phase::over;
    simulated_to_ = now;
    send(false, now);
}

void simulated_session::send(bool as_put, date_time now)
{
    document_.set_string("status", status_);
    document_.set_string("last_updated", stamp(now));
    session_write made;
    made.is_put = as_put;
    made.body = as_put ? document_.take_whole() : document_.take_patch();
    made.last_updated = now;
    schedule_.add(std::move(made), document_, now);
}

/// Minute by minute, as power depends on the level and on the time.
void simulated_session::charge_until(date_time now)
{
    while (simulated_to_ < now) {
        const auto until = std::min(now, later_by(simulated_to_, std::chrono::minutes(1)));
        const bool is_open = level_wh_ < course_.max_level_wh && wants_energy(simulated_to_);
        power_w_ = is_open ? charging_power_w(*at_, *driven_, level_wh_) : 0;
        const auto milli = between(simulated_to_, until).count();
        const auto work = remainder_ws_ + power_w_ * milli / 1000;
        const auto gain = std::min(work / 3600, course_.max_level_wh - level_wh_);
        remainder_ws_ = work % 3600;
        if (gain > 0) {
            energy_wh_ += gain;
            level_wh_ += gain;
            at_->register_wh += gain;
        }
        simulated_to_ = until;
    }
}

bool simulated_session::wants_energy(date_time at) const
{
    if (plan_) {
        return std::any_of(plan_->begin(), plan_->end(), [at](const charging_block& block) {
            return block.first <= at && at < block.second;
        });
    }
    if (!preferences_ || preferences_->profile_type == "FAST") return true;
    const auto drawn = energy_wh_ - energy_at_acceptance_wh_;
    const auto need = preferences_->energy_need_wh;
    if (need && drawn >= *need) return false;
    if (preferences_->profile_type == "REGULAR") return true;
    // CHEAP and GREEN wait for the night, unless the departure leaves no time for that.
    if (!fleet_->tariffs[at_->tariff].is_cheap_at_night || is_night(fleet_->zone, at)) return true;
    const auto power = charging_power_w(*at_, *driven_, level_wh_);
    if (power == 0) return false;
    const auto rest = need ? *need - drawn : course_.max_level_wh - level_wh_;
    const auto needed = std::chrono::minutes(rest * 60 / power + 15);
    return between(at, departure_) <= needed;
}

void simulated_session::add_period(date_time now)
{
    const auto energy = energy_wh_ - period_begin_wh_;
    charging_period_text period;
    period.start = stamp(period_begin_);
    period.energy_wh = energy;
    period.is_in_wh = course_.flaw == defect::energy_in_wh;
    period.time = between(period_begin_, now);
    period.tariff_id = fleet_->tariffs[at_->tariff].id;
    document_.add_charging_period(write_charging_period(period));
    document_.set("kwh", write_kwh(energy_wh_));
    period_begin_ = now;
    period_begin_wh_ = energy_wh_;
}

void simulated_session::add_meter_value(const char* context, std::int64_t register_wh,
                                        date_time now)
{
    meter_reading reading;
    reading.context = context;
    reading.at = stamp(now);
    reading.register_wh = register_wh;
    reading.power_w = power_w_;
    reading.phases = at_->is_dc ? 0 : at_->phases;
    if (at_->is_dc || driven_->tells_level) {
        reading.level_percent = level_wh_ * 100 / driven_->battery_wh;
    }
    document_.add_meter_value(write_meter_value(reading));
}

std::string simulated_session::stamp(date_time instant) const
{
    return to_string(date_time::from_milliseconds(instant.milliseconds() + clock_offset_ms_));
}

}  // namespace ocpi::app::simulate
