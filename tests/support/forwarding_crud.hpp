#pragma once

#include "crud/crud.hpp"
#include "crud/memory/memory_crud.hpp"

#include <memory>
#include <optional>
#include <string_view>
#include <utility>

namespace ocpi::test {

/// A store that has the five functions that it must have and no more, and passes them on to another
/// one. A test derives from it and overrides what it scripts.
class forwarding_crud : public Crud {
public:
    explicit forwarding_crud(std::shared_ptr<Crud> inner = std::make_shared<crud::memory_crud>())
        : inner_(std::move(inner))
    {
    }

    boost::asio::awaitable<result<crud::record>> get(std::string_view module,
                                                     crud::interface_side side,
                                                     crud::object_key key) override
    {
        if (auto failure = before(module)) co_return std::move(*failure);
        co_return co_await inner_->get(module, side, std::move(key));
    }
    boost::asio::awaitable<result<crud::page>> list(std::string_view module,
                                                    crud::interface_side side,
                                                    crud::list_query query) override
    {
        if (auto failure = before(module)) co_return std::move(*failure);
        co_return co_await inner_->list(module, side, std::move(query));
    }
    boost::asio::awaitable<result<crud::revision>> create(std::string_view module,
                                                          crud::interface_side side,
                                                          crud::document document) override
    {
        if (auto failure = before(module)) co_return std::move(*failure);
        auto outcome = co_await inner_->create(module, side, std::move(document));
        if (outcome.has_value()) after_write(module);
        co_return outcome;
    }
    boost::asio::awaitable<result<crud::revision>> update(std::string_view module,
                                                          crud::interface_side side,
                                                          crud::document document,
                                                          crud::revision expected) override
    {
        if (auto failure = before(module)) co_return std::move(*failure);
        auto outcome = co_await inner_->update(module, side, std::move(document), expected);
        if (outcome.has_value()) after_write(module);
        co_return outcome;
    }
    boost::asio::awaitable<result<void>> remove(std::string_view module, crud::interface_side side,
                                                crud::object_key key) override
    {
        if (auto failure = before(module)) co_return std::move(*failure);
        auto outcome = co_await inner_->remove(module, side, std::move(key));
        if (outcome.has_value()) after_write(module);
        co_return outcome;
    }

protected:
    /// Called before each function; an error that it returns is the function's.
    virtual std::optional<error> before(std::string_view) { return std::nullopt; }
    virtual void after_write(std::string_view) {}
    Crud& inner() const noexcept { return *inner_; }

private:
    const std::shared_ptr<Crud> inner_;
};

}  // namespace ocpi::test
