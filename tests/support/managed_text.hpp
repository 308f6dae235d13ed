#pragma once

#include "modules/managed/managed_session.hpp"
#include "modules/managed/progress.hpp"
#include "ocpi/json/document.hpp"
#include "tests/support/meter_text.hpp"
#include "tests/support/session_text.hpp"

#include <chrono>
#include <initializer_list>
#include <optional>
#include <string>
#include <vector>

/// A policy that is about session_text(), and managed sessions of it: what the tests of the
/// managed-session view share.
namespace ocpi::managed_test {

using test::member;

/// `10:15` or `10:15:30`, on the day of session_text(), a Monday.
inline date_time moment(const std::string& time_of_day)
{
    const auto quoted = test::at(time_of_day);
    return parse_date_time(quoted.substr(1, quoted.size() - 2))->value;
}

inline decimal number(const std::string& text)
{
    return *decimal::parse(text);
}

/// A battery of 50 kWh, so that 1 kWh is 2 %, and 10 kW; a reserve of 20 %; each day by 16:00 UTC
/// to 50 %.
inline managed::policy policy_for(const std::string& id = "P1")
{
    managed::policy rule;
    rule.id = id;
    rule.location.country_code = ci_string("ES");
    rule.location.party_id = ci_string("ABC");
    rule.location.location_id = ci_string("L1");
    rule.contract_ids = {ci_string("DE-EMP-C1")};
    rule.vehicle.battery_capacity_kwh = number("50");
    rule.vehicle.max_power_kw = number("10");
    rule.battery_reserve = number("20");
    managed::schedule_entry daily;
    daily.weekdays.fill(true);
    daily.ready_by = std::chrono::hours(16);
    daily.minimum_charge_target = number("50");
    rule.schedule.push_back(daily);
    return rule;
}

inline managed::target immediate_start(const std::string& level)
{
    managed::target wanted;
    wanted.type = managed::target_type::immediate_start;
    wanted.source = managed::target_source::user_override;
    wanted.minimum_charge_target = number(level);
    return wanted;
}

inline managed::target by_user(const std::string& level, const std::string& ready_by)
{
    managed::target wanted;
    wanted.source = managed::target_source::user_override;
    wanted.minimum_charge_target = number(level);
    wanted.ready_by = moment(ready_by);
    return wanted;
}

/// session_text() with some members replaced or added; plugged in at 10:00.
inline sessions::session_data seen(std::initializer_list<member> changes)
{
    return sessions::parse_stored(*json::parse(test::session_text(changes)));
}

/// A session of policy_for() that has just begun, with no plan yet.
inline managed::managed_session begun()
{
    managed::managed_session session;
    session.rule = policy_for();
    session.targets.push_back({1, moment("10:00"), {}});
    return session;
}

/// The price of a slot by its start, such as `10:15`; 30 for all others.
inline managed::price_curve cheap_from(const std::string& first, const std::string& last)
{
    return [from = moment(first), until = moment(last)](date_time slot) {
        return rational(slot >= from && slot < until ? 10 : 30);
    };
}

/// The member that a pointer such as `/target/latest/id` names, as JSON; `absent`.
inline std::string part(const std::string& text, const std::string& pointer)
{
    const auto document = json::parse(text);
    if (document.has_error()) return "not JSON";
    auto value = document->root();
    std::size_t from = 1;
    while (from <= pointer.size()) {
        const auto to = std::min(pointer.find('/', from), pointer.size());
        const auto name = pointer.substr(from, to - from);
        from = to + 1;
        if (value.is(json::kind::array)) {
            auto index = std::stoul(name);
            std::optional<json::value> found;
            for (const auto element : value) {
                if (index-- == 0) found = element;
            }
            if (!found) return "absent";
            value = *found;
        } else {
            const auto found = value.find(name);
            if (!found) return "absent";
            value = *found;
        }
    }
    return std::string(value.text());
}

}  // namespace ocpi::managed_test
