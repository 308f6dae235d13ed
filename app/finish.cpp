#include "app/finish.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include <stdexcept>

namespace ocpi::app {

void run_to_end(boost::asio::awaitable<void> coroutine)
{
    boost::asio::io_context context;
    auto future = boost::asio::co_spawn(context, std::move(coroutine), boost::asio::use_future);
    context.run();
    future.get();
}

void fail(const error& failure)
{
    throw std::runtime_error(failure.log_text().empty() ? failure.text() : failure.log_text());
}

}  // namespace ocpi::app
