#pragma once

#include "crud/postgres/connection.hpp"
#include "crud/postgres/postgres_error.hpp"
#include "tests/support/run_awaitable.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/this_coro.hpp>

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

/// A connection to PostgreSQL for tests, on the test's own thread.
namespace ocpi::test {

using connection_task = std::function<boost::asio::awaitable<void>(crud::postgres::connection&)>;

namespace detail {

inline boost::asio::awaitable<void> connect_and_run(crud::postgres::connection_options options,
                                                    const connection_task& task)
{
    crud::postgres::connection made(co_await boost::asio::this_coro::executor, std::move(options));
    co_await made.open();
    co_await task(made);
}

inline boost::asio::awaitable<void> only_connect(crud::postgres::connection_options options)
{
    crud::postgres::connection made(co_await boost::asio::this_coro::executor, std::move(options));
    co_await made.open();
}

}  // namespace detail

/// Opens a connection, and runs the task to its end on it.
inline void with_connection(crud::postgres::connection_options options, const connection_task& task)
{
    run_awaitable(detail::connect_and_run(std::move(options), task));
}

inline void with_connection(const std::string& url, const connection_task& task)
{
    crud::postgres::connection_options options;
    options.url = url;
    with_connection(std::move(options), task);
}

/// What open() fails with; std::nullopt if it does not.
inline std::optional<crud::postgres::postgres_error> find_open_failure(
    crud::postgres::connection_options options)
{
    try {
        run_awaitable(detail::only_connect(std::move(options)));
        return std::nullopt;
    } catch (const crud::postgres::postgres_error& failure) {
        return failure;
    }
}

/// Statements without parameters.
template <class... Text>
std::vector<crud::postgres::command> statements(Text&&... texts)
{
    std::vector<crud::postgres::command> made;
    (made.emplace_back(std::string(std::forward<Text>(texts))), ...);
    return made;
}

/// Runs one statement.
inline boost::asio::awaitable<crud::postgres::rows> run_one(crud::postgres::connection& on,
                                                            std::string sql,
                                                            crud::postgres::parameters values = {})
{
    std::vector<crud::postgres::command> commands;
    commands.emplace_back(std::move(sql), std::move(values));
    auto answers = co_await on.run(std::move(commands));
    co_return std::move(answers.at(0));
}

/// What a run fails with; std::nullopt if it does not.
inline boost::asio::awaitable<std::optional<crud::postgres::postgres_error>> find_run_failure(
    crud::postgres::connection& on, std::vector<crud::postgres::command> commands)
{
    std::optional<crud::postgres::postgres_error> failed;
    try {
        co_await on.run(std::move(commands));
    } catch (const crud::postgres::postgres_error& failure) {
        failed = failure;
    }
    co_return failed;
}

}  // namespace ocpi::test
