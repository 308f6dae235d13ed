#pragma once

#include "app/simulate/fleet.hpp"
#include "app/simulate/random_source.hpp"
#include "app/simulate/scenario.hpp"
#include "app/simulate/simulated_session.hpp"
#include "ocpi/base/date_time.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <queue>
#include <utility>
#include <vector>

namespace ocpi::app::simulate {

struct simulation_options {
    scenario like;
    party owner{"ES", "ABC"};
    std::uint64_t seed = 1;
    date_time start;
    /// Sessions that would begin after it do not.
    date_time end;
    std::size_t max_sessions = std::numeric_limits<std::size_t>::max();
};

/// A write of one session, by its index.
struct outgoing_write {
    std::size_t session = 0;
    session_write write;
};

/// A CPO's charge points, vehicles and sessions over a period of time. Pure and repeatable: the
/// same options and the same calls make the same writes.
class simulation {
public:
    explicit simulation(simulation_options options);

    const simulate::fleet& fleet() const noexcept { return *fleet_; }
    const simulation_options& options() const noexcept { return options_; }

    /// When something happens next, at most at the end; std::nullopt: the period or all sessions
    /// are over.
    std::optional<date_time> next() const;

    /// Lets time go on to that instant and returns the writes due, in order of time.
    std::vector<outgoing_write> advance(date_time now);

    /// All writes that are held back or late, at that instant: the simulation ends there, and
    /// sessions under way stay as they are.
    std::vector<outgoing_write> flush(date_time now);

    std::size_t size() const noexcept { return sessions_.size(); }
    simulated_session& session(std::size_t index) { return *sessions_[index]; }
    const simulated_session& session(std::size_t index) const { return *sessions_[index]; }
    /// Index of the session's vehicle in the fleet.
    std::size_t vehicle_of(std::size_t index) const;

    /// Looks for its next step again, after its preferences or its plan have changed.
    void reschedule(std::size_t index);

    /// Vehicles that found no free charge point.
    std::size_t turned_away() const noexcept { return turned_away_; }

private:
    using event = std::pair<date_time, std::size_t>;

    void arrive();
    void plan_next_arrival();
    session_course make_course(const evse& at, const vehicle& driven, random_source& random);
    std::chrono::milliseconds time_to_morning(date_time now, random_source& random) const;
    void release_left(std::size_t index);

    simulation_options options_;
    random_source random_;
    std::unique_ptr<simulate::fleet> fleet_;
    std::optional<outage> pause_;
    /// std::nullopt: no further session begins.
    std::optional<date_time> next_arrival_;
    std::vector<std::unique_ptr<simulated_session>> sessions_;
    /// Those whose vehicle is at the charge point.
    std::vector<bool> is_plugged_in_;
    /// By time; an entry that is no longer a session's next() is skipped.
    std::priority_queue<event, std::vector<event>, std::greater<>> events_;
    std::size_t turned_away_ = 0;
};

}  // namespace ocpi::app::simulate
