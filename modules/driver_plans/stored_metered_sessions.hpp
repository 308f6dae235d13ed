#pragma once

#include "crud/crud.hpp"
#include "modules/driver_plans/driver_plan_ledger.hpp"
#include "modules/sessions/session.hpp"
#include "modules/sessions/session_store.hpp"

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace ocpi::driver_plans {

/// The metering events of a Session: the stretches of time in which the CPO reports an even power
/// (energy_series.hpp), up to its end or, while it is live, up to its last_updated, so that they
/// do not depend on when one asks. What would be later than max_clock_skew after last_updated is
/// counted at that instant. None of one that is INVALID or cannot be read.
std::vector<metering_event> metering_events(const std::string& json);

/// What a session is called in a ledger.
std::string ledger_key(const sessions::session_key& key);

/// The sessions of the store as a driver_plan_ledger wants them.
class stored_metered_sessions final : public metered_sessions {
public:
    explicit stored_metered_sessions(std::shared_ptr<Crud> crud) : sessions_(std::move(crud)) {}

    boost::asio::awaitable<result<metered_page>> list(metered_query query) override;
    boost::asio::awaitable<result<std::uint64_t>> count(metered_query query) override;

private:
    sessions::session_store sessions_;  ///< only read
};

}  // namespace ocpi::driver_plans
