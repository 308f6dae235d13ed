#pragma once

#include "app/simulate/fleet.hpp"
#include "app/simulate/random_source.hpp"
#include "app/simulate/session_document.hpp"
#include "app/simulate/write_schedule.hpp"
#include "ocpi/base/date_time.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace ocpi::app::simulate {

/// What is wrong with a session.
enum class defect : std::uint8_t {
    none,
    stays_pending,     ///< never becomes ACTIVE
    becomes_invalid,   ///< never becomes ACTIVE, and is declared INVALID after half an hour
    no_final_reading,  ///< COMPLETED without the reading at its end
    register_resets,   ///< one reading of the meter is 0
    clock_is_off,      ///< all its timestamps are up to two hours early or late
    energy_in_wh,      ///< volumes of ENERGY in Wh in place of kWh
};

/// The course of one session, settled when the vehicle is plugged in.
struct session_course {
    std::string id;
    std::chrono::seconds pending{10};
    std::chrono::milliseconds stay{};
    /// After the end, until the final reading and the cost are sent; zero: with the end.
    std::chrono::seconds settlement_delay{0};
    std::int64_t level_wh = 0;
    /// Charging ends at this level.
    std::int64_t max_level_wh = 0;
    std::chrono::minutes interval{5};
    defect flaw = defect::none;
    simulate::delivery delivery = simulate::delivery::prompt;
    /// The status ACTIVE is sent by a PUT of the whole Session.
    bool starts_by_put = true;
    /// The battery level at plug-in is in `soc_start`.
    bool tells_soc_start = false;
};

/// Charging preferences as the session obeys them [OCPI sessions, ChargingPreferences].
struct accepted_preferences {
    /// CHEAP, FAST, GREEN, REGULAR.
    std::string profile_type;
    std::optional<date_time> departure_time;
    std::optional<std::int64_t> energy_need_wh;

    friend bool operator==(const accepted_preferences&, const accepted_preferences&) = default;
};

/// A range of time in which the vehicle is to be charged.
using charging_block = std::pair<date_time, date_time>;

/// One charging session at the CPO, as a state machine: advance() at the instants of next() makes
/// the writes that its platform sends. Pure: no clock, no socket. Borrows fleet, EVSE and vehicle.
class simulated_session {
public:
    simulated_session(const simulate::fleet& fleet, evse& at, vehicle& driven,
                      session_course course, std::optional<outage> pause, date_time plug_in,
                      random_source random);

    const std::string& id() const noexcept { return course_.id; }
    const evse& place() const noexcept { return *at_; }
    const vehicle& driven() const noexcept { return *driven_; }
    const session_course& course() const noexcept { return course_; }

    /// When something happens next; std::nullopt: the session is over and all of it is sent.
    std::optional<date_time> next() const;

    /// Lets the session go on to that instant, which is not before next(), and returns the writes
    /// that are due, in order.
    std::vector<session_write> advance(date_time now);

    /// Sends what is held back or late; the session stays as it is.
    std::vector<session_write> flush(date_time now);

    /// The whole Session as a PUT, in place of all writes that are not sent yet.
    session_write repair();

    /// From now on the session obeys these.
    void obey(accepted_preferences preferences, date_time now);
    const std::optional<accepted_preferences>& preferences() const noexcept { return preferences_; }
    /// From now on energy flows in these blocks only.
    void follow(std::vector<charging_block> plan) { plan_ = std::move(plan); }

    /// `PENDING`, `ACTIVE`, `COMPLETED` or `INVALID`; empty before it has begun.
    const std::string& status() const noexcept { return status_; }
    bool is_charging() const noexcept { return status_ == "ACTIVE" && power_w_ > 0; }
    /// The vehicle has left the charge point.
    bool has_left() const noexcept;
    std::int64_t energy_wh() const noexcept { return energy_wh_; }

    /// The Session that the server holds once all of take() is applied.
    std::string document() const { return document_.text(); }
    /// Frees the memory of a session that is over and sent.
    void forget_document() { document_ = {}; }

private:
    enum class phase : std::uint8_t { unplugged, pending, active, ended, over };

    void begin(date_time now);
    void start(date_time now);
    void update(date_time now);
    void plan_next_update(date_time now);
    void end(date_time now);
    void settle(date_time now);
    void send(bool as_put, date_time now);

    void charge_until(date_time now);
    bool wants_energy(date_time at) const;
    void add_period(date_time now);
    void add_meter_value(const char* context, std::int64_t register_wh, date_time now);
    std::string stamp(date_time instant) const;

    const simulate::fleet* fleet_;
    evse* at_;
    vehicle* driven_;
    session_course course_;
    random_source random_;
    write_schedule schedule_;
    session_document document_;

    phase phase_ = phase::unplugged;
    std::string status_;
    date_time next_step_;
    date_time departure_;
    /// The session has been simulated until then.
    date_time simulated_to_;
    date_time period_begin_;
    std::int64_t period_begin_wh_ = 0;
    std::int64_t level_wh_ = 0;
    std::int64_t power_w_ = 0;
    /// Watt-seconds below a Wh.
    std::int64_t remainder_ws_ = 0;
    std::int64_t energy_wh_ = 0;
    std::int64_t register_begin_wh_ = 0;
    std::int64_t clock_offset_ms_ = 0;
    int updates_ = 0;
    std::optional<accepted_preferences> preferences_;
    std::int64_t energy_at_acceptance_wh_ = 0;
    std::optional<std::vector<charging_block>> plan_;
};

}  // namespace ocpi::app::simulate
