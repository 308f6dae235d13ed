#pragma once

#include "crud/crud.hpp"
#include "modules/driver_plans/driver_plan_ledger.hpp"
#include "modules/sessions/session.hpp"
#include "modules/sessions/session_reader.hpp"

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace ocpi::driver_plans {

/// The metering events of a Session: periods of even power reported by the CPO (energy_series.hpp),
/// up to its end or, while live, up to its last_updated, so that they do not depend on the time of
/// the query. Energy later than max_clock_skew after last_updated is counted at that instant. Empty
/// when the Session is INVALID or unreadable.
std::vector<metering_event> metering_events(const std::string& json);

/// A session's key in a ledger.
std::string ledger_key(const crud::object_key& key);

/// Stored sessions for a driver_plan_ledger.
class stored_metered_sessions final : public metered_sessions {
public:
    explicit stored_metered_sessions(std::shared_ptr<Crud> crud) : sessions_(std::move(crud)) {}

    boost::asio::awaitable<result<metered_page>> list(metered_query query) override;
    boost::asio::awaitable<result<std::uint64_t>> count(metered_query query) override;

private:
    sessions::session_reader sessions_;
};

}  // namespace ocpi::driver_plans
