#pragma once

#include "tests/support/forwarding_crud.hpp"

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace ocpi::test {

/// Gives each lease to each process that asks for it: what one of several does, each of them does.
class generous_leases final : public crud::leases {
public:
    boost::asio::awaitable<result<std::vector<crud::held_lease>>> claim(
        std::string, std::vector<std::string> names, std::chrono::milliseconds) override
    {
        std::vector<crud::held_lease> held;
        for (auto& name : names) {
            auto& lease = held.emplace_back();
            lease.name = std::move(name);
            lease.epoch = 1;
        }
        co_return held;
    }
    boost::asio::awaitable<result<void>> release(std::string,
                                                 std::vector<crud::held_lease>) override
    {
        co_return result<void>();
    }
    boost::asio::awaitable<result<std::vector<crud::lease_entry>>> list() override
    {
        co_return std::vector<crud::lease_entry>();
    }
};

/// A store that says of itself that several processes use it.
class shared_crud final : public forwarding_crud {
public:
    explicit shared_crud(std::shared_ptr<Crud> store = std::make_shared<crud::memory_crud>())
        : forwarding_crud(store), store_(std::move(store))
    {
    }

    std::shared_ptr<crud::leases> leases() override { return leases_; }
    std::shared_ptr<Crud> fenced_by(crud::held_lease) override
    {
        return std::make_shared<shared_crud>(store_);
    }

private:
    const std::shared_ptr<Crud> store_;
    const std::shared_ptr<crud::leases> leases_ = std::make_shared<generous_leases>();
};

}  // namespace ocpi::test
