#include "app/simulate/simulation.hpp"

#include <algorithm>
#include <chrono>
#include <string>

namespace ocpi::app::simulate {
namespace {

using std::chrono::milliseconds;

std::string in_base_36(std::uint64_t number)
{
    std::string text;
    do {
        text.insert(text.begin(), "0123456789abcdefghijklmnopqrstuvwxyz"[number % 36]);
        number /= 36;
    } while (number > 0);
    return text;
}

/// `SIM-7-t5z0g0-12`: another run never has the same, unless it repeats this one.
std::string session_id(const simulation_options& of, std::size_t number)
{
    const auto seconds = of.start.milliseconds() / 1000;
    return "SIM-" + in_base_36(of.seed) + '-' +
           in_base_36(static_cast<std::uint64_t>(std::max<std::int64_t>(seconds, 0))) + '-' +
           std::to_string(number);
}

/// The platform is silent for an hour, once, in the middle of the period.
std::optional<outage> pause_of(const simulation_options& of)
{
    if (of.like.unruly_share == 0) return std::nullopt;
    const auto length = of.end.instant() - of.start.instant();
    const auto begin =
        of.start.instant() + std::min<milliseconds>(length / 2, std::chrono::hours(2));
    return outage{date_time(begin), date_time(begin + std::chrono::hours(1))};
}

}  // namespace

simulation::simulation(simulation_options options)
    : options_(std::move(options)),
      random_(options_.seed),
      fleet_(std::make_unique<simulate::fleet>(
          make_fleet(options_.like, options_.owner, options_.like.charge_points, random_.fork()))),
      pause_(pause_of(options_)),
      // The first vehicle comes at once, so that there is something to see.
      next_arrival_(options_.start)
{
}

std::optional<date_time> simulation::next() const
{
    std::optional<date_time> first = next_arrival_;
    if (!events_.empty() && (!first || events_.top().first < *first)) first = events_.top().first;
    if (!first || *first > options_.end) return std::nullopt;
    return first;
}

std::vector<outgoing_write> simulation::advance(date_time now)
{
    std::vector<outgoing_write> due;
    for (auto at = next(); at && *at <= now; at = next()) {
        if (next_arrival_ && *next_arrival_ == *at) {
            arrive();
            continue;
        }
        const auto index = events_.top().second;
        events_.pop();
        auto& session = *sessions_[index];
        if (session.next() != *at) continue;
        for (auto& write : session.advance(*at)) {
            due.push_back(outgoing_write{index, std::move(write)});
        }
        release_left(index);
        reschedule(index);
    }
    return due;
}

std::vector<outgoing_write> simulation::flush(date_time now)
{
    std::vector<outgoing_write> rest;
    for (std::size_t index = 0; index < sessions_.size(); ++index) {
        for (auto& write : sessions_[index]->flush(now)) {
            rest.push_back(outgoing_write{index, std::move(write)});
        }
    }
    return rest;
}

std::size_t simulation::vehicle_of(std::size_t index) const
{
    return static_cast<std::size_t>(&sessions_[index]->driven() - fleet_->vehicles.data());
}

void simulation::reschedule(std::size_t index)
{
    if (const auto next = sessions_[index]->next()) events_.emplace(*next, index);
}

void simulation::release_left(std::size_t index)
{
    const auto& session = *sessions_[index];
    if (!is_plugged_in_[index] || !session.has_left()) return;
    is_plugged_in_[index] = false;
    const auto place = static_cast<std::size_t>(&session.place() - fleet_->evses.data());
    fleet_->evses[place].is_taken = false;
    fleet_->vehicles[vehicle_of(index)].is_away = true;
}

/// Arrivals are independent of each other; how many come depends on the hour.
void simulation::plan_next_arrival()
{
    const auto local = fleet_->zone.local(*next_arrival_);
    const auto day = std::chrono::floor<std::chrono::days>(local);
    const auto hour = std::chrono::floor<std::chrono::hours>(local - day).count();
    const auto share = options_.like.arrivals[static_cast<std::size_t>(hour)];
    const auto per_hour = options_.like.sessions_per_hour * share / 100;
    next_arrival_ = date_time(next_arrival_->instant() + milliseconds(random_.gap_ms(per_hour)));
}

void simulation::arrive()
{
    const auto now = *next_arrival_;
    plan_next_arrival();
    auto random = random_.fork();
    std::vector<std::size_t> free_evses;
    for (std::size_t i = 0; i < fleet_->evses.size(); ++i) {
        if (!fleet_->evses[i].is_taken) free_evses.push_back(i);
    }
    if (free_evses.empty()) {
        ++turned_away_;
        return;
    }
    const auto place = random.pick(free_evses);
    auto& at = fleet_->evses[place];
    std::vector<vehicle*> free_vehicles;
    if (options_.like.is_overnight) {
        free_vehicles.push_back(&fleet_->vehicles[place]);
    } else {
        for (auto& each : fleet_->vehicles) {
            if (each.is_away) free_vehicles.push_back(&each);
        }
    }
    auto& driven = *random.pick(free_vehicles);
    at.is_taken = true;
    driven.is_away = false;
    auto course = make_course(at, driven, random);
    if (options_.like.is_overnight) course.stay = time_to_morning(now, random);
    course.id = session_id(options_, sessions_.size() + 1);
    sessions_.push_back(std::make_unique<simulated_session>(*fleet_, at, driven, std::move(course),
                                                            pause_, now, random.fork()));
    is_plugged_in_.push_back(true);
    reschedule(sessions_.size() - 1);
    if (sessions_.size() >= options_.max_sessions) next_arrival_.reset();
}

session_course simulation::make_course(const evse& at, const vehicle& driven, random_source& random)
{
    const auto& like = options_.like;
    session_course course;
    course.pending = std::chrono::seconds(random.between(5, 40));
    course.level_wh = driven.battery_wh * random.between(8, 55) / 100;
    course.max_level_wh = driven.battery_wh;
    course.interval = at.is_dc ? like.dc_interval : like.ac_interval;
    course.starts_by_put = random.chance(50);
    course.tells_soc_start = like.is_overnight;
    if (random.chance(30)) course.settlement_delay = std::chrono::seconds(random.between(60, 900));
    const auto shortest = at.is_dc ? 12 : like.min_stay.count();
    const auto longest = at.is_dc ? 50 : like.max_stay.count();
    course.stay = std::chrono::seconds(random.between(shortest * 60, longest * 60));
    if (!random.chance(like.unruly_share)) return course;
    static const std::vector<defect> flaws{defect::none,
                                           defect::none,
                                           defect::none,
                                           defect::stays_pending,
                                           defect::becomes_invalid,
                                           defect::no_final_reading,
                                           defect::register_resets,
                                           defect::clock_is_off,
                                           defect::energy_in_wh};
    static const std::vector<delivery> manners{delivery::prompt, delivery::late, delivery::repeated,
                                               delivery::reordered, delivery::stale};
    course.flaw = random.pick(flaws);
    course.delivery = random.pick(manners);
    // Servers take what comes from the future for written now, and then nothing is out of date.
    const bool may_be_refused =
        course.delivery == delivery::reordered || course.delivery == delivery::stale;
    if (course.flaw == defect::clock_is_off && may_be_refused) course.delivery = delivery::late;
    return course;
}

/// Until a time from 6 to 9 on the next morning.
milliseconds simulation::time_to_morning(date_time now, random_source& random) const
{
    const auto& zone = fleet_->zone;
    const auto minutes = std::chrono::minutes(random.between(6 * 60, 9 * 60));
    // A vehicle that comes in the morning leaves on the next one.
    const auto day = std::chrono::floor<std::chrono::days>(zone.local(now) - std::chrono::hours(4));
    const auto leaves = zone.instant(local_time(day + std::chrono::days(1)) + minutes);
    return leaves.instant() - now.instant();
}

}  // namespace ocpi::app::simulate
