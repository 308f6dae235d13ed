#pragma once

#include "modules/driver_plans/driver_plan_ledger.hpp"
#include "modules/driver_plans/driver_plan_price.hpp"
#include "modules/driver_plans/driver_plan_store.hpp"
#include "modules/pricing/breakdown.hpp"
#include "modules/pricing/comparison.hpp"
#include "modules/pricing/priced_session.hpp"
#include "modules/pricing/session_tariffs.hpp"
#include "modules/status/cost_source.hpp"

#include <boost/asio/awaitable.hpp>

#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace ocpi::pricing {

/// The source of a session's cost.
enum class cost_origin : std::uint8_t { plan, tariff, total_cost, none };

/// The cost of a session under the driver plan of its contract.
struct cost_by_plan {
    driver_plans::driver_plan_ptr plan;
    driver_plans::plan_price price;
};

/// All known costs of a session.
struct session_cost {
    status::shown_cost shown;
    cost_origin origin = cost_origin::none;
    /// std::nullopt: the contract has no plan.
    std::optional<cost_by_plan> by_plan;
    /// By tariffs; without tariffs its totals are std::nullopt.
    breakdown by_tariffs;
    /// Comparison of the CPO's total_cost with by_tariffs; std::nullopt without one.
    std::optional<comparison> with_cpo;
};

/// Computes the costs of stored sessions (docs/cost.md). Safe from any thread.
class session_costs final : public status::cost_source {
public:
    session_costs(std::shared_ptr<session_tariff_finder> tariffs,
                  std::shared_ptr<driver_plans::driver_plan_store> plans,
                  std::shared_ptr<driver_plans::driver_plan_ledger> ledger)
        : tariffs_(std::move(tariffs)), plans_(std::move(plans)), ledger_(std::move(ledger))
    {
    }

    /// The cost by the driver plan of the session's contract, else by its tariffs, else the CPO's
    /// total_cost, which is only read.
    boost::asio::awaitable<result<session_cost>> reckon(
        std::shared_ptr<const sessions::session_snapshot> session,
        std::optional<time_zone> of_policy);

    boost::asio::awaitable<result<status::shown_cost>> cost_of(
        std::shared_ptr<const sessions::session_snapshot> session,
        std::optional<time_zone> of_policy) override;

private:
    boost::asio::awaitable<result<std::optional<cost_by_plan>>> price_by_plan(
        const sessions::session_snapshot& session);

    const std::shared_ptr<session_tariff_finder> tariffs_;
    const std::shared_ptr<driver_plans::driver_plan_store> plans_;
    const std::shared_ptr<driver_plans::driver_plan_ledger> ledger_;
};

/// The cost of a session as JSON, with its coverage, as printed by the command `cost`
/// (docs/cost.md).
std::string write_session_cost(const std::string& id, const session_cost& cost);

}  // namespace ocpi::pricing
