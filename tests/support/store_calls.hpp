#pragma once

#include "crud/crud.hpp"
#include "tests/support/run_awaitable.hpp"

#include <doctest/doctest.h>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include <future>
#include <string>
#include <utility>
#include <vector>

/// The operations of a store as plain calls, on the sessions of ES*ABC.
namespace ocpi::test::store_calls {

inline constexpr auto side = crud::interface_side::receiver;

inline crud::document make_document(std::string id, std::string json = "{}")
{
    return {crud::object_key("ES", "ABC", std::move(id)), std::move(json), date_time(),
            std::nullopt};
}

inline result<crud::revision> create(Crud& crud, std::string id, std::string json = "{}")
{
    return run_awaitable(
        crud.create("sessions", side, make_document(std::move(id), std::move(json))));
}

inline result<crud::revision> update(Crud& crud, std::string id, crud::revision base)
{
    return run_awaitable(crud.update("sessions", side, make_document(std::move(id)), base));
}

inline result<crud::record> get(Crud& crud, std::string id)
{
    return run_awaitable(crud.get("sessions", side, crud::object_key("ES", "ABC", std::move(id))));
}

inline result<crud::page> list(Crud& crud)
{
    return run_awaitable(crud.list("sessions", side, crud::list_query()));
}

inline result<void> remove(Crud& crud, std::string id)
{
    return run_awaitable(
        crud.remove("sessions", side, crud::object_key("ES", "ABC", std::move(id))));
}

template <class T>
errc code_of(const result<T>& outcome)
{
    REQUIRE(outcome.has_error());
    return outcome.error().code();
}

/// Several writes under way at once, awaited together.
class operations {
public:
    void start(boost::asio::awaitable<result<crud::revision>> operation)
    {
        outcomes_.push_back(
            boost::asio::co_spawn(context_, std::move(operation), boost::asio::use_future));
        // The context stops when all earlier ones have ended.
        context_.restart();
        context_.poll();
    }
    /// Creates so many sessions, called 0, 1, 2…
    void start_creating(Crud& crud, int count)
    {
        for (int i = 0; i < count; ++i) {
            start(crud.create("sessions", side, make_document(std::to_string(i))));
        }
    }
    std::vector<result<crud::revision>> wait()
    {
        context_.restart();
        context_.run();
        std::vector<result<crud::revision>> all;
        for (auto& each : outcomes_) all.push_back(each.get());
        return all;
    }

private:
    boost::asio::io_context context_;
    std::vector<std::future<result<crud::revision>>> outcomes_;
};

}  // namespace ocpi::test::store_calls
