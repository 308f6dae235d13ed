#include "modules/development/clock_control.hpp"

#include "ocpi/json/document.hpp"
#include "ocpi/json/field_reader.hpp"
#include "ocpi/json/writer.hpp"

#include <optional>
#include <utility>

namespace ocpi::development {
namespace {

/// The instant to set; std::nullopt for real time.
result<std::optional<date_time>> read_instant(const std::string& body)
{
    const auto document = json::parse(body);
    if (document.has_error()) return document.error();
    json::diagnostics findings;
    std::optional<date_time> instant;
    if (auto root = json::object_reader::of_root(*document, findings)) {
        const auto now = document->root().find("now");
        const bool to_real_time = now && now->is(json::kind::null);
        if (!to_real_time) instant = root->timestamp("now", json::presence::required);
    }
    if (!findings.problems().empty()) return findings.to_error();
    return instant;
}

boost::asio::awaitable<http::answer> set_clock(std::shared_ptr<adjustable_clock> clock,
                                               bool is_shared_store, const http::call& call)
{
    if (call.caller.kind != auth::caller_kind::platform_operator) {
        co_return error(errc::not_found, "there is nothing at this path");
    }
    if (is_shared_store) {
        co_return error(errc::conflict,
                        "the clock cannot be set: several processes may serve this database, and "
                        "each has a clock of its own");
    }
    const auto instant = read_instant(call.request.body);
    if (instant.has_error()) co_return instant.error();
    clock->set(*instant);
    json::object_writer written;
    written.string("now", to_string(clock->now()));
    http::answer answered;
    answered.data = written.finish();
    co_return answered;
}

}  // namespace

void add_clock_control(http::router& router, std::shared_ptr<adjustable_clock> clock,
                       bool is_shared_store)
{
    router.add(http::interface_kind::management, "PUT", "/v1/dev/clock",
               [clock = std::move(clock), is_shared_store](const http::call& call) {
                   return set_clock(clock, is_shared_store, call);
               });
}

}  // namespace ocpi::development
