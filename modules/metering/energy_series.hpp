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

/// A period in which energy flows.
struct flow {
    date_time start;
    date_time end;

    friend bool operator==(const flow&, const flow&) = default;
};

/// The energy of a session over time, from plug-in until now or plug-out: the CPO's reports
/// (reported_energy.hpp), adjusted to add up to session.kwh. Energy missing from the reports is
/// spread evenly after the last one; an excess, or energy without time left after the reports,
/// scales all of them. Energy in kWh; it flows evenly between two points. Immutable once
/// constructed.
class energy_series {
public:
    /// `now` is the time of evaluation. A session that is over ends at its end_date_time or its
    /// last reading (settlement.hpp) instead.
    energy_series(const sessions::session_data& seen, date_time now);

    /// Plug-in.
    date_time start() const noexcept { return start_; }
    /// Now or plug-out; never before start().
    date_time until() const noexcept { return until_; }
    /// The last instant for which the CPO has reported energy, within [start(), until()].
    date_time known_until() const noexcept { return known_until_; }

    /// session.kwh; 0 when negative; the reported energy when absent.
    const decimal& total() const noexcept { return total_; }

    /// Energy delivered up to that instant: 0 up to start(), total() from until() on, exact in
    /// between.
    rational delivered_at(date_time instant) const;

    /// Energy delivered within [from, to]: the difference of both delivered_at, each rounded to 12
    /// places (more if session.kwh has more). Parts that make up [start(), until()] therefore add
    /// up exactly to total(). Never negative; 0 when `to` is before `from`.
    decimal delivered(date_time from, date_time to) const;

    /// A bound of two neighbouring periods, which both then need not reckon again.
    class mark {
    public:
        date_time at() const noexcept { return at_; }

    private:
        friend class energy_series;
        date_time at_;
        boost::multiprecision::cpp_int amount_;
        boost::multiprecision::cpp_int finer_amount_;
    };
    mark mark_at(date_time instant) const;
    decimal delivered(const mark& from, const mark& to) const;
    /// Average power within [from, to] in kW, rounded like delivered(); 0 for an empty range.
    decimal average_kw(const mark& from, const mark& to) const;

    /// The first instant, rounded up to a millisecond, at which that much was delivered;
    /// std::nullopt if not reached by until().
    std::optional<date_time> first_delivered(const rational& kwh) const;

    /// Approximates delivered_at, much faster.
    double estimate_at(date_time instant) const;

    /// All periods with energy flow, in order, merged when adjacent. They contain all energy. Only
    /// a session without duration has a flow without length.
    const std::vector<flow>& flows() const noexcept { return flows_; }

    /// The same up to known_until(): without the energy assumed after the last report.
    std::vector<flow> reported_flows() const;

    /// All of flows(), split where the power changes: energy flows evenly within each.
    std::vector<flow> even_flows() const;

    /// Irregularities of the reports, as sentences for people.
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
    void find_flows();
    template <class Take>
    void for_each_even_flow(Take take) const;
    /// Unscaled; for an instant between start_ and until_.
    fraction amount_at(date_time instant) const;
    /// Delivered up to then, rounded to units of 10^-rounding_places_ / finer.
    boost::multiprecision::cpp_int rounded_at(date_time instant,
                                              const boost::multiprecision::cpp_int& finer) const;
    boost::multiprecision::cpp_int rounded_between(
        date_time from, const boost::multiprecision::cpp_int& by_from, date_time to,
        const boost::multiprecision::cpp_int& by_to) const;

    date_time start_;
    date_time until_;
    date_time known_until_;
    decimal total_;
    /// In kWh × 10^-places_, unscaled. The first at start_ with 0, the last at until_; instants and
    /// amounts ascend. Only the first when there is no duration.
    std::vector<reported_point> points_;
    unsigned places_ = 0;
    /// Factor of amounts.
    fraction scale_{1, 1};
    /// total_ in units of 10^-rounding_places_, and the factor from amounts to such units.
    boost::multiprecision::cpp_int rounded_total_;
    unsigned rounding_places_ = 0;
    fraction rounding_{1, 1};
    double estimated_total_ = 0;
    std::vector<flow> flows_;
    std::vector<std::string> notes_;
};

}  // namespace ocpi::metering
