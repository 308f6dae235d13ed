#include "modules/status/status_api.hpp"

#include "modules/sessions/session_lookup.hpp"

#include <utility>

namespace ocpi::status {
namespace {

boost::asio::awaitable<http::answer> get_status(std::shared_ptr<sessions::session_writer> sessions,
                                                std::shared_ptr<status_source> source,
                                                const http::call& call)
{
    auto found = co_await sessions::find_visible(*sessions, call.caller, call.parameters[0]);
    if (found.has_error()) co_return found.error();
    http::answer answered;
    answered.data = co_await source->show(std::move(*found));
    co_return answered;
}

/// The Session as it is stored, to the letter.
boost::asio::awaitable<http::answer> get_ocpi_session(
    std::shared_ptr<sessions::session_writer> sessions, const http::call& call)
{
    auto found = co_await sessions::find_visible(*sessions, call.caller, call.parameters[0]);
    if (found.has_error()) co_return found.error();
    http::answer answered;
    answered.data = std::move(found->document.json);
    co_return answered;
}

}  // namespace

void add_status_route(http::router& router,
                      const std::shared_ptr<sessions::session_writer>& sessions,
                      const std::shared_ptr<status_source>& source)
{
    router.add(
        http::interface_kind::management, "GET", "/v1/sessions/{id}/status",
        [sessions, source](const http::call& call) { return get_status(sessions, source, call); });
    router.add(http::interface_kind::management, "GET", "/v1/sessions/{id}/ocpi",
               [sessions](const http::call& call) { return get_ocpi_session(sessions, call); });
}

}  // namespace ocpi::status
