#include "modules/driver_plans/driver_plan_store.hpp"

#include "crud/repository.hpp"
#include "modules/driver_plans/driver_plan_codec.hpp"
#include "ocpi/protocol/contract_id.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

namespace ocpi::driver_plans {
namespace {

using crud::interface_side;
using crud::object_key;

constexpr std::string_view plan_module = "plans";

/// The locks of a driver_plan_store: for writing, and for reading what other processes wrote.
constexpr const char* write_lock = "write";
constexpr const char* read_lock = "look";

/// The plan of each contract, by its contract_key().
using contract_index = std::unordered_map<std::string, driver_plan_ptr>;

result<driver_plan_ptr> read_record(const crud::record& stored)
{
    const auto& key = stored.document.key;
    auto read = read_driver_plan(stored.document.json, key.id.str());
    if (read.has_error()) {
        return error(errc::storage, "the store holds a driver plan that cannot be read", {},
                     "driver plan " + key.id.str() + ": " + read.error().text());
    }
    auto plan = std::make_shared<stored_driver_plan>();
    plan->plan = std::move(*read);
    plan->revision = stored.revision;
    return driver_plan_ptr(std::move(plan));
}

/// A plan that is damaged takes away the costs of its own contracts, and nobody else's.
std::vector<driver_plan_ptr> readable(const std::vector<crud::record>& all)
{
    std::vector<driver_plan_ptr> plans;
    for (const auto& stored : all) {
        auto read = read_record(stored);
        if (read.has_value()) plans.push_back(std::move(*read));
    }
    return plans;
}

/// errc::already_exists, naming the plan that has one of the contracts; `id` may have them.
result<void> check_contracts(const driver_plan& wanted, const std::vector<driver_plan_ptr>& plans)
{
    std::unordered_map<std::string, const driver_plan*> taken;
    for (const auto& each : plans) {
        if (equal_ignoring_case(each->plan.id, wanted.id)) continue;
        for (const auto& contract : each->plan.contract_ids) {
            taken.emplace(contract_key(contract).str(), &each->plan);
        }
    }
    for (std::size_t i = 0; i < wanted.contract_ids.size(); ++i) {
        const auto& contract = wanted.contract_ids[i];
        const auto found = taken.find(contract_key(contract).str());
        if (found == taken.end()) continue;
        const auto pointer = "/contractIds/" + std::to_string(i);
        const auto place = " is in the plan " + found->second->id + " already";
        return error(errc::already_exists, pointer + " " + contract.str() + place, pointer,
                     pointer + " " + shorten_contract_id(contract.str()) + place);
    }
    return {};
}

/// The plan without the contracts that an earlier one has.
driver_plan_ptr without_those_of(const contract_index& earlier, const driver_plan_ptr& stored)
{
    const auto is_taken = [&earlier](const ci_string& contract) {
        return earlier.contains(contract_key(contract).str());
    };
    const auto& contracts = stored->plan.contract_ids;
    if (std::none_of(contracts.begin(), contracts.end(), is_taken)) return stored;
    auto left = std::make_shared<stored_driver_plan>(*stored);
    std::erase_if(left->plan.contract_ids, is_taken);
    return left;
}

/// Of plans in the order of their creation.
contract_index index_of(const std::vector<driver_plan_ptr>& plans)
{
    contract_index index;
    for (const auto& each : plans) {
        const auto left = without_those_of(index, each);
        for (const auto& contract : left->plan.contract_ids) {
            index.emplace(contract_key(contract).str(), left);
        }
    }
    return index;
}

}  // namespace

driver_plan_store::driver_plan_store(std::shared_ptr<Crud> crud,
                                     std::chrono::milliseconds freshness)
    : crud_(std::move(crud)), freshness_(freshness)
{
}

boost::asio::awaitable<result<std::vector<driver_plan_ptr>>> driver_plan_store::list()
{
    const auto all = co_await crud::list_all(*crud_, plan_module, interface_side::sender);
    if (all.has_error()) co_return all.error();
    std::vector<driver_plan_ptr> plans;
    for (const auto& stored : *all) {
        auto read = read_record(stored);
        if (read.has_error()) co_return read.error();
        plans.push_back(std::move(*read));
    }
    co_return plans;
}

boost::asio::awaitable<result<driver_plan_ptr>> driver_plan_store::find(std::string id)
{
    object_key key(std::move(id));
    const auto stored = co_await crud_->get(plan_module, interface_side::sender, key);
    if (stored.has_error()) {
        if (stored.error().code() != errc::not_found) co_return stored.error();
        co_return driver_plan_ptr();
    }
    co_return read_record(*stored);
}

boost::asio::awaitable<result<driver_plan_ptr>> driver_plan_store::find_by_contract(
    ci_string contract_id)
{
    const auto index = co_await contracts();
    if (index.has_error()) co_return index.error();
    const auto found = (*index)->find(contract_key(contract_id).str());
    co_return found == (*index)->end() ? driver_plan_ptr() : found->second;
}

boost::asio::awaitable<result<driver_plan_store::outcome>> driver_plan_store::put(driver_plan plan)
{
    const auto lock = co_await turns_.take(write_lock);
    for (int attempt = 0; attempt < crud::max_write_attempts; ++attempt) {
        const auto all = co_await crud::list_all(*crud_, plan_module, interface_side::sender);
        if (all.has_error()) co_return all.error();
        const auto free = check_contracts(plan, readable(*all));
        if (free.has_error()) co_return free.error();
        std::optional<former> base;
        for (const auto& stored : *all) {
            if (equal_ignoring_case(stored.document.key.id.str(), plan.id)) base.emplace(stored);
        }
        auto written = co_await write(plan, base);
        if (written.has_value()) co_return written;
        if (!crud::is_write_conflict(written.error())) co_return written.error();
    }
    co_return error(errc::overloaded, "too many others change this plan; try again in a moment");
}

boost::asio::awaitable<result<driver_plan_store::outcome>> driver_plan_store::write(
    driver_plan plan, std::optional<former> base)
{
    if (base) plan.id = base->id;
    auto json = write_driver_plan(plan);
    crud::document document(object_key(plan.id), std::move(json), date_time(), {});
    std::optional<crud::revision> revision;
    if (base) revision = base->revision;
    const auto saved = co_await crud::save(*crud_, plan_module, interface_side::sender,
                                           std::move(document), revision);
    forget();
    if (saved.has_error()) co_return saved.error();
    auto stored = std::make_shared<stored_driver_plan>();
    stored->plan = std::move(plan);
    stored->revision = *saved;
    outcome done;
    done.stored = std::move(stored);
    done.created = !base;
    co_return done;
}

boost::asio::awaitable<result<void>> driver_plan_store::remove(std::string id)
{
    const auto lock = co_await turns_.take(write_lock);
    object_key key(std::move(id));
    const auto removed = co_await crud_->remove(plan_module, interface_side::sender, key);
    forget();
    if (removed.has_error() && removed.error().code() == errc::not_found) {
        co_return error(errc::not_found, "there is no such plan");
    }
    co_return removed;
}

std::shared_ptr<const driver_plan_store::contract_index> driver_plan_store::recall() const
{
    const std::lock_guard lock(mutex_);
    return real_time::now() < index_until_ ? index_ : nullptr;
}

/// Reads all plans when those in memory are too old, once for all concurrent callers.
boost::asio::awaitable<result<std::shared_ptr<const driver_plan_store::contract_index>>>
driver_plan_store::contracts()
{
    if (auto index = recall()) co_return index;
    const auto reading = co_await turns_.take(read_lock);
    if (auto index = recall()) co_return index;
    std::uint64_t writes_before = 0;
    {
        const std::lock_guard lock(mutex_);
        writes_before = writes_;
    }
    const auto until = real_time::now() + freshness_;
    const auto all = co_await crud::list_all(*crud_, plan_module, interface_side::sender);
    if (all.has_error()) co_return all.error();
    auto index = std::make_shared<const contract_index>(index_of(readable(*all)));
    const std::lock_guard lock(mutex_);
    if (writes_ == writes_before) {
        index_ = index;
        index_until_ = until;
    }
    co_return index;
}

/// What was read of the plans before is out of date.
void driver_plan_store::forget()
{
    const std::lock_guard lock(mutex_);
    index_.reset();
    ++writes_;
}

}  // namespace ocpi::driver_plans
