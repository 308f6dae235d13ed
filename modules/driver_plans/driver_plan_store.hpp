#pragma once

#include "crud/crud.hpp"
#include "modules/driver_plans/driver_plan.hpp"
#include "ocpi/base/error.hpp"
#include "ocpi/base/keyed_mutex.hpp"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace ocpi::driver_plans {

/// A stored plan.
struct stored_driver_plan {
    driver_plan plan;
    /// Increases with every change of the plan.
    crud::revision revision = 0;
};

using driver_plan_ptr = std::shared_ptr<const stored_driver_plan>;

/// Driver plans, stored through the Crud port (module "plans"). Safe from any thread. A contract
/// has one plan: writes of this process enforce that; if two processes concurrently give a contract
/// to two plans, it belongs to the plan created first.
class driver_plan_store {
public:
    /// `freshness`: how long a contract's plan may be answered from memory.
    explicit driver_plan_store(std::shared_ptr<Crud> crud,
                               std::chrono::milliseconds freshness = std::chrono::seconds(1));

    /// All plans in order of creation. errc::storage when one cannot be read; other calls still
    /// succeed.
    boost::asio::awaitable<result<std::vector<driver_plan_ptr>>> list();

    /// The plan of that id, case-insensitive; nullptr when there is none.
    boost::asio::awaitable<result<driver_plan_ptr>> find(std::string id);

    /// The plan of a contract; nullptr when it has none. Answered from memory: writes by this
    /// object take effect at once, by other processes within `freshness`. The plan contains only
    /// contracts that belong to it.
    boost::asio::awaitable<result<driver_plan_ptr>> find_by_contract(ci_string contract_id);

    /// Result of a write.
    struct outcome {
        driver_plan_ptr stored;
        bool created = false;
    };

    /// Creates or replaces the plan; a replaced plan keeps the case of its id.
    /// errc::already_exists, naming the contract, when another plan has one of the contracts.
    boost::asio::awaitable<result<outcome>> put(driver_plan plan);

    /// errc::not_found when there is none.
    boost::asio::awaitable<result<void>> remove(std::string id);

private:
    using real_time = std::chrono::steady_clock;
    /// The plan of each contract, by its contract_key().
    using contract_index = std::unordered_map<std::string, driver_plan_ptr>;

    /// The replaced plan.
    struct former {
        std::string id;
        crud::revision revision = 0;

        explicit former(const crud::record& stored)
            : id(stored.document.key.id.str()), revision(stored.revision)
        {
        }
    };

    std::shared_ptr<const contract_index> recall() const;
    boost::asio::awaitable<result<std::shared_ptr<const contract_index>>> contracts();
    boost::asio::awaitable<result<outcome>> write(driver_plan plan, std::optional<former> base);
    void forget();

    std::shared_ptr<Crud> crud_;
    std::chrono::milliseconds freshness_;
    keyed_mutex turns_;

    mutable std::mutex mutex_;                     // guards what follows
    std::shared_ptr<const contract_index> index_;  // or nullptr
    real_time::time_point index_until_;
    std::uint64_t writes_ = 0;
};

}  // namespace ocpi::driver_plans
