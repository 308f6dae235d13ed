#include "crud/postgres/blocking_connection.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_future.hpp>

#include <chrono>
#include <utility>

namespace ocpi::crud::postgres {
namespace {

constexpr std::chrono::hours patience{12};

connection_options with_patience(connection_options options)
{
    options.answer_timeout = patience;
    return options;
}

/// Runs the coroutine to its end on this thread.
template <class T>
T finish(boost::asio::io_context& context, boost::asio::awaitable<T> work)
{
    auto outcome = boost::asio::co_spawn(context, std::move(work), boost::asio::use_future);
    context.restart();
    while (outcome.wait_for(std::chrono::seconds(0)) != std::future_status::ready) {
        context.run_one();
    }
    return outcome.get();
}

}  // namespace

blocking_connection::blocking_connection(connection_options options)
    : connection_(context_.get_executor(), with_patience(std::move(options)))
{
    finish(context_, connection_.open());
}

blocking_connection::~blocking_connection()
{
    connection_.close();
    // What ends because of it.
    context_.restart();
    context_.poll();
}

std::vector<rows> blocking_connection::run(std::vector<command> commands)
{
    return finish(context_, connection_.run(std::move(commands)));
}

rows blocking_connection::run(command one)
{
    std::vector<command> commands;
    commands.push_back(std::move(one));
    auto returned = run(std::move(commands));
    return std::move(returned.front());
}

void blocking_connection::execute(const std::string& sql)
{
    finish(context_, connection_.execute(sql));
}

}  // namespace ocpi::crud::postgres
