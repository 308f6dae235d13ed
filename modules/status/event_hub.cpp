#include "modules/status/event_hub.hpp"

#include "modules/status/event_hub_impl.hpp"
#include "modules/status/event_stream.hpp"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <stdexcept>
#include <utility>

namespace ocpi::status {
namespace {

namespace asio = boost::asio;

std::shared_ptr<const hub_context> make_context(hub_dependencies& dependencies)
{
    if (!dependencies.crud || !dependencies.source) {
        throw std::invalid_argument("an event hub needs a Crud and an event source");
    }
    auto context = std::make_shared<hub_context>();
    context->sessions = std::make_shared<sessions::session_reader>(std::move(dependencies.crud));
    context->source = std::move(dependencies.source);
    context->watch = std::move(dependencies.watch);
    context->log =
        dependencies.log ? std::move(dependencies.log) : std::make_shared<silent_logger>();
    context->options = dependencies.options;
    return context;
}

error not_running()
{
    return error(errc::overloaded, "no events are told at the moment; try again");
}

}  // namespace

event_hub::event_hub(hub_dependencies dependencies) : context_(make_context(dependencies)) {}

event_hub::~event_hub()
{
    if (const auto current = find_run()) current->end();
}

void event_hub::start(asio::any_io_executor executor)
{
    const std::lock_guard lock(mutex_);
    if (run_) return;
    run_ = std::make_shared<impl>(context_, std::move(executor));
    run_->start();
}

asio::awaitable<void> event_hub::stop()
{
    const auto stopping = find_run();
    if (!stopping) co_return;
    co_await stopping->stop();
    const std::lock_guard lock(mutex_);
    if (run_ == stopping) run_.reset();
}

void event_hub::on_store_revision(crud::revision) noexcept
{
    if (const auto current = find_run()) current->on_change();
}

bool event_hub::is_waited_for() const noexcept
{
    return subscribers() > 0;
}

result<std::shared_ptr<http::body_stream>> event_hub::subscribe(
    crud::object_key key, contract_scope filter, std::optional<crud::revision> last_seen)
{
    stream_scope scope;
    scope.session = std::move(key);
    scope.filter = std::move(filter);
    return enter(std::move(scope), last_seen);
}

asio::awaitable<result<std::shared_ptr<http::body_stream>>> event_hub::subscribe_all(
    contract_scope filter, std::optional<crud::revision> last_seen)
{
    crud::changes_query present;
    present.after = std::numeric_limits<std::int64_t>::max();
    present.limit = 1;
    const auto page =
        co_await context_->sessions->list_changes(crud::interface_side::receiver, present);
    if (page.has_error()) co_return page.error();
    last_seen = std::min(last_seen.value_or(page->as_of), page->as_of);
    stream_scope scope;
    scope.filter = std::move(filter);
    co_return enter(std::move(scope), last_seen);
}

result<std::shared_ptr<http::body_stream>> event_hub::enter(stream_scope scope,
                                                            std::optional<crud::revision> last_seen)
{
    const auto current = find_run();
    if (!current) return not_running();
    const auto stream =
        std::make_shared<event_stream>(context_, current->listeners(), std::move(scope), last_seen);
    if (!current->enter(*stream)) return not_running();
    // Only now, so that no change falls between what it reads and what it is notified of.
    stream->catch_up_from(0);
    return std::shared_ptr<http::body_stream>(stream);
}

std::size_t event_hub::subscribers() const
{
    const auto current = find_run();
    return current ? current->listeners()->size() : 0;
}

std::shared_ptr<event_hub::impl> event_hub::find_run() const
{
    const std::lock_guard lock(mutex_);
    return run_;
}

}  // namespace ocpi::status
