#include "tests/support/run_awaitable.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

namespace ocpi::test {

void run_awaitable(boost::asio::awaitable<void> coroutine)
{
    boost::asio::io_context context;
    auto outcome = boost::asio::co_spawn(context, std::move(coroutine), boost::asio::use_future);
    context.run();
    outcome.get();
}

}  // namespace ocpi::test
