#pragma once

#include "modules/metering/reported_energy.hpp"
#include "modules/sessions/session_data.hpp"
#include "ocpi/base/date_time.hpp"
#include "ocpi/base/decimal.hpp"
#include "ocpi/base/rational.hpp"

#include <optional>
#include <string>
#include <vector>

namespace ocpi::metering {

/// A stretch of time in which energy flows.
struct flow {
    date_time start;
    date_time end;

    friend bool operator==(const flow&, const flow&) = default;
};

/// The energy of a session over time, from plug-in until now or plug-out: what the CPO reported
/// (reported_energy.hpp), made to add up to session.kwh. Energy that is missing from the reports
/// follows the last of them evenly; what they report in excess, or what has no time left to follow
/// in, scales all of them. All energy in kWh; between two points it flows evenly. Needs no lock
/// once made.
class energy_series {
public:
    /// `now` is when the session is looked at. One that is over ends at its end_date_time, or at
    /// its last reading (settlement.hpp), instead.
    energy_series(const sessions::session_data& seen, date_time now);

    /// Plug-in.
    date_time start() const noexcept { return start_; }
    /// Now or plug-out; never before start().
    date_time until() const noexcept { return until_; }
    /// The last instant of which the CPO has reported the energy, within [start(), until()].
    date_time known_until() const noexcept { return known_until_; }

    /// session.kwh; 0 when that is negative, and what was reported otherwise when it is not there.
    const decimal& total() const noexcept { return total_; }

    /// What was delivered up to that instant: 0 up to start(), total() from until() on, and exact
    /// in between.
    rational delivered_at(date_time instant) const;

    /// What was delivered within [from, to]: the difference of both delivered_at, each rounded to
    /// 12 places (more if session.kwh has more). Parts that make up [start(), until()] therefore
    /// add up to total() to the last digit. Never negative, 0 when `to` is before `from`.
    decimal delivered(date_time from, date_time to) const;

    /// The average power within [from, to] in kW, rounded as delivered is; 0 when that is no time.
    decimal average_kw(date_time from, date_time to) const;

    /// The first instant, rounded up to a millisecond, at which that much was delivered; nothing
    /// when it has not been by until().
    std::optional<date_time> first_delivered(const rational& kwh) const;

    /// About the same as delivered_at, and much quicker.
    double estimate_at(date_time instant) const;

    /// All stretches in which energy flows, in order, as long as they can be: none touch. All
    /// energy is within one. Only a session that has no time at all has a flow of no length.
    std::vector<flow> flows() const;

    /// The same up to known_until(): without the energy that is only taken to have followed the
    /// last report.
    std::vector<flow> reported_flows() const;

    /// All of flows(), cut wherever the power changes: within each of them energy flows evenly.
    std::vector<flow> even_flows() const;

    /// What was odd about the reports: sentences for people.
    const std::vector<std::string>& notes() const noexcept { return notes_; }

private:
    struct fraction {
        boost::multiprecision::cpp_int above;
        boost::multiprecision::cpp_int below;
    };

    void settle_bounds(const sessions::session_data& seen, date_time now);
    void place(std::vector<reported_point> reported);
    void fit_to(const boost::multiprecision::cpp_int& total);
    void prepare_rounding();
    /// Before scaling; for an instant between start_ and until_.
    fraction amount_at(date_time instant) const;
    /// Rounded to units of 10^-rounding_places_ / finer.
    boost::multiprecision::cpp_int rounded_at(date_time instant,
                                              const boost::multiprecision::cpp_int& finer) const;
    boost::multiprecision::cpp_int rounded_between(
        date_time from, date_time to, const boost::multiprecision::cpp_int& finer) const;

    date_time start_;
    date_time until_;
    date_time known_until_;
    decimal total_;
    /// In kWh × 10^-places_, before scaling. The first at start_ with nothing delivered, the last
    /// at until_; instants ascend, amounts do not descend. The first alone when there is no time.
    std::vector<reported_point> points_;
    unsigned places_ = 0;
    /// What an amount is multiplied with.
    fraction scale_{1, 1};
    /// total_ in units of 10^-rounding_places_, and what makes such units of an amount.
    boost::multiprecision::cpp_int rounded_total_;
    unsigned rounding_places_ = 0;
    fraction rounding_{1, 1};
    double estimated_total_ = 0;
    std::vector<std::string> notes_;
};

}  // namespace ocpi::metering
