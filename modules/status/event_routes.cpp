#include "modules/status/event_routes.hpp"

#include "http/management_access.hpp"
#include "modules/sessions/access.hpp"
#include "modules/status/session_event.hpp"

#include <charconv>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <utility>

namespace ocpi::status {
namespace {

namespace asio = boost::asio;
using shared_stream = std::shared_ptr<http::body_stream>;

/// Stores count changes in signed numbers: one above them all is after every change.
constexpr crud::revision highest_number = std::numeric_limits<std::int64_t>::max();

result<std::optional<crud::revision>> read_last_seen(const http::call& call)
{
    std::optional<crud::revision> read;
    const auto* sent = call.request.headers.find("Last-Event-ID");
    if (!sent || sent->empty()) return read;
    const auto* end = sent->data() + sent->size();
    crud::revision number = 0;
    const auto [rest, failure] = std::from_chars(sent->data(), end, number);
    if (rest != end || failure == std::errc::invalid_argument) {
        return error(errc::malformed_http, "Last-Event-ID must be the number of an event");
    }
    if (failure != std::errc() || number > highest_number) number = highest_number;
    read = number;
    return read;
}

http::answer make_answer(result<shared_stream> subscribed)
{
    if (subscribed.has_error()) return subscribed.error();
    http::answer answered;
    answered.stream = std::move(*subscribed);
    answered.headers.add("Content-Type", "text/event-stream");
    answered.headers.add("Cache-Control", "no-store");
    answered.headers.add("X-Accel-Buffering", "no");  // a proxy must pass each event on at once
    return answered;
}

asio::awaitable<http::answer> get_session_events(const http::call& call,
                                                 std::shared_ptr<event_hub> hub,
                                                 std::shared_ptr<event_source> source)
{
    auto filter = http::visible_contracts(call.caller);
    auto found = co_await source->find(call.parameters.front(), filter);
    if (found.has_error()) {
        if (found.error().code() == errc::not_found) co_return sessions::no_such_session();
        co_return found.error();
    }
    if (filter && !is_in_scope(filter, contract_of(found->document.json)))
        co_return sessions::no_such_session();
    const auto last_seen = read_last_seen(call);
    if (last_seen.has_error()) co_return last_seen.error();
    co_return make_answer(
        hub->subscribe(std::move(found->document.key), std::move(filter), *last_seen));
}

asio::awaitable<http::answer> get_events(const http::call& call, std::shared_ptr<event_hub> hub)
{
    const auto last_seen = read_last_seen(call);
    if (last_seen.has_error()) co_return last_seen.error();
    auto subscribed = co_await hub->subscribe_all(http::visible_contracts(call.caller), *last_seen);
    co_return make_answer(std::move(subscribed));
}

}  // namespace

void add_event_routes(http::router& router, const std::shared_ptr<event_hub>& hub,
                      const std::shared_ptr<event_source>& source)
{
    router.add(
        http::interface_kind::management, "GET", "/v1/sessions/{id}/events",
        [hub, source](const http::call& call) { return get_session_events(call, hub, source); });
    router.add(http::interface_kind::management, "GET", "/v1/events",
               [hub](const http::call& call) { return get_events(call, hub); });
}

}  // namespace ocpi::status
