#include "http/request_handler.hpp"

#include <utility>

namespace ocpi::http {

boost::asio::awaitable<admission> request_handler::admit(const request&)
{
    co_return admission();
}

boost::asio::awaitable<response> request_handler::handle(request received)
{
    auto admitted = co_await admit(received);
    if (admitted.answer) co_return std::move(*admitted.answer);
    co_return co_await respond(std::move(received), std::move(admitted));
}

}  // namespace ocpi::http
