#pragma once

#include "crud/postgres/connection.hpp"
#include "crud/postgres/rows.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include <chrono>
#include <future>
#include <string>
#include <utility>
#include <vector>

namespace ocpi::crud::postgres {

/// A connection for a command that does one thing after the other, on one thread. A statement may
/// take hours. Functions throw std::runtime_error with a text for the operator.
class blocking_connection {
public:
    explicit blocking_connection(connection_options options);
    ~blocking_connection();
    blocking_connection(const blocking_connection&) = delete;
    blocking_connection& operator=(const blocking_connection&) = delete;

    /// Runs a coroutine upon get() to its end.
    template <class T>
    T wait(boost::asio::awaitable<T> work)
    {
        auto outcome = boost::asio::co_spawn(context_, std::move(work), boost::asio::use_future);
        context_.restart();
        while (outcome.wait_for(std::chrono::seconds(0)) != std::future_status::ready) {
            context_.run_one();
        }
        return outcome.get();
    }
    connection& get() noexcept { return connection_; }

    /// As connection::run().
    std::vector<rows> run(std::vector<command> commands);
    rows run(command one);
    /// As connection::execute().
    void execute(const std::string& sql);

private:
    boost::asio::io_context context_{1};
    connection connection_;
};

}  // namespace ocpi::crud::postgres
