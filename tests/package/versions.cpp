// A program upon the development package: an Application that answers without a socket.

#include "application/application.hpp"
#include "auth/token_authenticator.hpp"
#include "auth/token_store.hpp"
#include "crud/memory/memory_crud.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

#include <memory>
#include <string>

int main()
{
    const auto store = std::make_shared<ocpi::crud::memory_crud>();
    auto callers = std::make_shared<ocpi::auth::token_authenticator>(
        ocpi::auth::token_store(store),
        std::vector<ocpi::auth::token_authenticator::configured_token>());
    ocpi::Application application(ocpi::application_options(), store, std::move(callers));
    int status = 0;
    boost::asio::io_context loop;
    auto ask = [&]() -> boost::asio::awaitable<void> {
        ocpi::http::request request;
        request.method = "GET";
        request.target = "/ocpi/versions";
        const auto answer = co_await application.answer(std::move(request));
        status = answer.status;
    };
    boost::asio::co_spawn(loop, ask(), boost::asio::detached);
    loop.run();
    return status == 401 ? 0 : 1;
}
