#include "modules/openapi/openapi_module.hpp"

#include "modules/openapi/openapi_document.hpp"

namespace ocpi::openapi {
namespace {

boost::asio::awaitable<http::answer> get_document(const http::call&)
{
    http::answer answered;
    answered.data = document;
    co_return answered;
}

}  // namespace

void add_openapi_module(http::router& router)
{
    router.add(http::interface_kind::management, "GET", "/v1/openapi.json", get_document);
}

}  // namespace ocpi::openapi
