#include "app/admin/admin_handler.hpp"

#include "app/admin/await_within.hpp"
#include "app/admin/metrics.hpp"
#include "ocpi/json/writer.hpp"
#include "ocpi/protocol/status_code.hpp"

#include <chrono>
#include <string_view>
#include <utility>

namespace ocpi::app {
namespace {

using boost::asio::awaitable;

/// A health check or a scrape waits for some seconds.
constexpr auto loop_patience = std::chrono::seconds(5);
constexpr auto store_patience = std::chrono::seconds(2);

http::response plain_text(int status, std::string text)
{
    http::response answer;
    answer.status = status;
    answer.headers.add("Content-Type", "text/plain; charset=utf-8");
    answer.headers.add("Cache-Control", "no-store");
    answer.body = std::move(text);
    return answer;
}

std::string_view path_of(std::string_view target)
{
    return target.substr(0, target.find('?'));
}

}  // namespace

admin_handler::admin_handler(std::shared_ptr<admin_sources> sources,
                             std::shared_ptr<loop_probe> loop)
    : sources_(std::move(sources)), loop_(std::move(loop))
{
}

awaitable<http::response> admin_handler::respond(http::request received, http::admission)
{
    const auto path = path_of(received.target);
    const bool is_known = path == "/healthz" || path == "/readyz" || path == "/metrics";
    if (!is_known) co_return plain_text(404, "there are /healthz, /readyz and /metrics\n");
    if (received.method != "GET" && received.method != "HEAD") {
        auto refusal = plain_text(405, "only GET is offered\n");
        refusal.headers.add("Allow", "GET, HEAD");
        co_return refusal;
    }
    if (path == "/healthz") co_return co_await answer_health();
    if (path == "/readyz") co_return co_await answer_readiness();
    co_return co_await answer_metrics();
}

http::response admin_handler::refuse(const http::request&, const error& reason)
{
    return plain_text(protocol::status_of(reason.code()).management_http, reason.text() + '\n');
}

/// The public listeners' event loop must have run something meanwhile.
awaitable<http::response> admin_handler::answer_health()
{
    const bool is_turning = co_await loop_->wait_for_turn(loop_patience);
    if (is_turning) co_return plain_text(200, "ok\n");
    co_return plain_text(503, "the event loop has run nothing for 5 seconds\n");
}

awaitable<http::response> admin_handler::answer_readiness()
{
    const auto reasons = co_await find_unready_reasons();
    json::array_writer list;
    for (const auto& reason : reasons) list.raw(json::quote(reason));
    auto answer = plain_text(reasons.empty() ? 200 : 503, list.finish() + '\n');
    answer.headers = http::headers();
    answer.headers.add("Content-Type", "application/json");
    answer.headers.add("Cache-Control", "no-store");
    co_return answer;
}

awaitable<std::vector<std::string>> admin_handler::find_unready_reasons()
{
    auto* application = sources_->application();
    if (!application) co_return sources_->readiness->reasons();
    auto asking = application->find_unready_reasons();
    auto found = co_await await_within(store_patience, std::move(asking));
    if (found) co_return std::move(*found);
    auto reasons = sources_->readiness->reasons();
    reasons.emplace_back("store not writable: it does not answer");
    co_return reasons;
}

awaitable<http::response> admin_handler::answer_metrics()
{
    metric_page page;
    add_build_info(page, sources_->version);
    add_process(page, read_process_status());
    const auto reasons = co_await find_unready_reasons();
    page.gauge("ocpi_ready", "1 while /readyz answers 200, else 0.", reasons.empty() ? 1 : 0);
    page.gauge("ocpi_event_loop_lag_seconds",
               "Longest time that work has waited for an I/O thread within 30 seconds.",
               std::chrono::duration<double>(loop_->longest_lag()).count());
    sources_->requests->add_to(page);
    if (const auto store = sources_->store()) add_store(page, store->report());
    if (auto* application = sources_->application()) {
        const auto report = application->report();
        sources_->requests->add_closed_connections(page, report.server);
        add_application(page, report);
        add_partners(page, report, *sources_->partners, std::chrono::steady_clock::now());
        auto counting = application->count_sessions();
        const auto counted = co_await await_within(store_patience, std::move(counting));
        if (counted && counted->has_value()) add_sessions(page, **counted);
    }
    auto answer = plain_text(200, page.text());
    answer.headers = http::headers();
    answer.headers.add("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
    co_return answer;
}

}  // namespace ocpi::app
