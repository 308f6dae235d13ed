#pragma once

#include "crud/errors.hpp"
#include "tests/support/forwarding_crud.hpp"
#include "tests/support/manual_time.hpp"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ocpi::test {

/// Leases in memory, by a clock that a test sets: what the database has of them.
class memory_leases final : public crud::leases {
public:
    explicit memory_leases(manual_time& time) : time_(time) {}

    /// Every operation fails.
    bool is_unreachable = false;
    /// Names claimed, call by call.
    std::vector<std::vector<std::string>> claims;

    boost::asio::awaitable<result<std::vector<crud::held_lease>>> claim(
        std::string holder, std::vector<std::string> names, std::chrono::milliseconds life) override
    {
        claims.push_back(names);
        if (is_unreachable) co_return crud::store_unreachable("no route");
        std::vector<crud::held_lease> held;
        for (const auto& name : names) {
            auto& found = rows_[name];
            if (found.holder != holder) {
                if (!found.holder.empty() && found.expires_at > time_.now()) continue;
                found.holder = holder;
                found.taken_at = time_.now();
                ++found.epoch;
            }
            found.expires_at = time_.now() + life;
            held.push_back({name, found.epoch});
        }
        co_return held;
    }

    boost::asio::awaitable<result<void>> release(std::string holder,
                                                 std::vector<crud::held_lease> held) override
    {
        if (is_unreachable) co_return crud::store_unreachable("no route");
        for (const auto& each : held) {
            auto& found = rows_[each.name];
            if (found.holder == holder && found.epoch == each.epoch) found.holder.clear();
        }
        co_return result<void>();
    }

    boost::asio::awaitable<result<std::vector<crud::lease_entry>>> list() override
    {
        std::vector<crud::lease_entry> all;
        for (const auto& [name, known] : rows_) {
            auto& entry = all.emplace_back();
            entry.name = name;
            entry.holder = known.holder;
            entry.epoch = known.epoch;
            entry.age =
                std::chrono::duration_cast<std::chrono::milliseconds>(time_.now() - known.taken_at);
            entry.left = std::chrono::duration_cast<std::chrono::milliseconds>(known.expires_at -
                                                                               time_.now());
        }
        co_return all;
    }

    bool is_current(const crud::held_lease& lease) const
    {
        const auto found = rows_.find(lease.name);
        return found != rows_.end() && found->second.epoch == lease.epoch &&
               !found->second.holder.empty();
    }

    /// Empty: nobody.
    std::string holder_of(const std::string& name) const
    {
        const auto found = rows_.find(name);
        return found == rows_.end() ? std::string() : found->second.holder;
    }

private:
    struct row {
        std::string holder;
        crud::lease_epoch epoch = 0;
        manual_time::time_point taken_at;
        manual_time::time_point expires_at;
    };

    manual_time& time_;
    std::map<std::string, row> rows_;
};

/// A view of a store in memory whose writes are made while the lease is at its epoch.
class fenced_crud final : public forwarding_crud {
public:
    fenced_crud(std::shared_ptr<Crud> inner, std::shared_ptr<memory_leases> leases,
                crud::held_lease lease)
        : forwarding_crud(std::move(inner)), leases_(std::move(leases)), lease_(std::move(lease))
    {
    }

    boost::asio::awaitable<result<crud::revision>> create(std::string_view module,
                                                          crud::interface_side side,
                                                          crud::document document) override
    {
        if (!leases_->is_current(lease_)) co_return crud::lease_lost(lease_.name);
        co_return co_await forwarding_crud::create(module, side, std::move(document));
    }
    boost::asio::awaitable<result<crud::revision>> update(std::string_view module,
                                                          crud::interface_side side,
                                                          crud::document document,
                                                          crud::revision expected) override
    {
        if (!leases_->is_current(lease_)) co_return crud::lease_lost(lease_.name);
        co_return co_await forwarding_crud::update(module, side, std::move(document), expected);
    }
    boost::asio::awaitable<result<void>> remove(std::string_view module, crud::interface_side side,
                                                crud::object_key key) override
    {
        if (!leases_->is_current(lease_)) co_return crud::lease_lost(lease_.name);
        co_return co_await forwarding_crud::remove(module, side, std::move(key));
    }

private:
    const std::shared_ptr<memory_leases> leases_;
    const crud::held_lease lease_;
};

/// The store of one of several processes: all share what is in memory and the leases.
class leased_crud final : public forwarding_crud {
public:
    leased_crud(std::shared_ptr<Crud> inner, std::shared_ptr<memory_leases> leases)
        : forwarding_crud(inner), store_(std::move(inner)), leases_(std::move(leases))
    {
    }

    std::shared_ptr<crud::leases> leases() override { return leases_; }
    std::shared_ptr<Crud> fenced_by(crud::held_lease lease) override
    {
        return std::make_shared<fenced_crud>(store_, leases_, std::move(lease));
    }

private:
    const std::shared_ptr<Crud> store_;
    const std::shared_ptr<memory_leases> leases_;
};

}  // namespace ocpi::test
