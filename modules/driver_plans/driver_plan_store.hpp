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

/// A plan as the store holds it.
struct stored_driver_plan {
    driver_plan plan;
    /// Grows with every change of the plan.
    crud::revision revision = 0;
};

using driver_plan_ptr = std::shared_ptr<const stored_driver_plan>;

/// The driver plans, kept through the Crud port (module "plans"). Safe from any thread. A contract
/// has one plan: writes of this process see to that; should two processes give a contract to two
/// plans at the same moment, the plan that was created first has it.
class driver_plan_store {
public:
    /// `freshness`: how long a plan of a contract may be told from memory.
    explicit driver_plan_store(std::shared_ptr<Crud> crud,
                               std::chrono::milliseconds freshness = std::chrono::seconds(2));

    /// All plans, in the order of their creation. errc::storage when one cannot be read; that
    /// stands in the way of no other call.
    boost::asio::awaitable<result<std::vector<driver_plan_ptr>>> list();

    /// The plan of that id, in any case; nullptr when there is none.
    boost::asio::awaitable<result<driver_plan_ptr>> find(std::string id);

    /// The plan of a contract; nullptr when it has none. Told from memory: a write by this object
    /// counts at once, one by another process within `freshness`. The plan has only those of its
    /// contracts that are its own.
    boost::asio::awaitable<result<driver_plan_ptr>> find_by_contract(ci_string contract_id);

    /// What a write has led to.
    struct outcome {
        driver_plan_ptr stored;
        bool created = false;
    };

    /// Creates or replaces the plan; one that is replaced keeps the case of its id.
    /// errc::already_exists when another plan has one of the contracts: it is named.
    boost::asio::awaitable<result<outcome>> put(driver_plan plan);

    /// errc::not_found when there is none.
    boost::asio::awaitable<result<void>> remove(std::string id);

private:
    using real_time = std::chrono::steady_clock;
    /// The plan of each contract, by its contract_key().
    using contract_index = std::unordered_map<std::string, driver_plan_ptr>;

    /// What is replaced.
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
