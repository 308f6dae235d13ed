#include "modules/status/event_hub_impl.hpp"

#include "modules/status/event_stream.hpp"
#include "ocpi/base/pause.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <exception>
#include <limits>
#include <utility>

namespace ocpi::status {
namespace {

namespace asio = boost::asio;

/// Which they do when the memory is exhausted.
task_scope::failure_handler log_failures_to(std::shared_ptr<logger> log)
{
    return [log = std::move(log)](const std::exception& failure) {
        log->write(log_level::error, std::string("events: ") + failure.what());
    };
}

}  // namespace

event_hub::impl::impl(std::shared_ptr<const hub_context> context, asio::any_io_executor executor)
    : context_(std::move(context)),
      executor_(std::move(executor)),
      tasks_(log_failures_to(context_->log))
{
}

void event_hub::impl::start()
{
    const auto spawn_first = [this](task_scope::tasks& run) {
        run.spawn(follow(run.stop_token()));
        run.spawn(heartbeat(run.stop_token()));
        run.spawn(poll_streams(run.stop_token()));
    };
    tasks_.start(executor_, spawn_first, shared_from_this());
}

asio::awaitable<void> event_hub::impl::stop()
{
    close_streams();
    co_await tasks_.stop();
}

void event_hub::impl::end()
{
    close_streams();
    tasks_.cancel();
}

void event_hub::impl::close_streams()
{
    subscribers_->close();
    for (const auto& stream : subscribers_->all()) stream->close();
}

void event_hub::impl::on_change() noexcept
{
    // A reader that comes now reads the store, which has the change already.
    if (!subscribers_->is_empty()) wake_.notify();
}

bool event_hub::impl::enter(event_stream& newcomer)
{
    const std::lock_guard lock(entrance_);
    const bool is_first = subscribers_->is_empty();
    if (is_first) ++rounds_;
    if (!subscribers_->enter(newcomer)) return false;
    if (!is_first) return true;
    on_change();
    if (context_->watch) context_->watch->look_now();
    return true;
}

asio::awaitable<void> event_hub::impl::follow(std::stop_token stop)
{
    while (!stop.stop_requested()) {
        bool is_well = true;
        try {
            is_well = co_await follow_store(stop);
        } catch (const std::exception& bug) {
            is_well = report(bug.what());
        }
        if (is_well) {
            co_await wake_.wait(stop);
        } else {
            co_await wake_.wait_for(context_->options.stream_poll, stop);
        }
    }
}

/// False when the store has failed.
asio::awaitable<bool> event_hub::impl::follow_store(std::stop_token stop)
{
    if (subscribers_->is_empty()) co_return true;
    const auto round = rounds_.load();
    if (known_round_ != round) {
        // No events were sent of what has changed since the last readers left. What these have
        // missed until now they read themselves.
        const auto present = co_await list(std::numeric_limits<std::int64_t>::max(), 1);
        if (present.has_error()) co_return report(present.error().text());
        sent_revision_ = present->as_of;
        known_round_ = round;
        for (const auto& stream : subscribers_->all()) stream->catch_up_from(0);
    }
    co_return co_await send_changes(std::move(stop));
}

asio::awaitable<result<crud::changes_page>> event_hub::impl::list(crud::revision after,
                                                                  std::size_t limit)
{
    crud::changes_query query;
    query.after = after;
    query.limit = limit;
    co_return co_await context_->sessions->list_changes(crud::interface_side::receiver,
                                                        std::move(query));
}

asio::awaitable<bool> event_hub::impl::send_changes(std::stop_token stop)
{
    for (bool is_last = false; !is_last && !stop.stop_requested();) {
        auto page = co_await list(sent_revision_, context_->options.page);
        if (page.has_error()) co_return report(page.error().text());
        is_reported_ = false;
        is_last = page->is_last_page;
        for (auto& record : page->records) {
            if (stop.stop_requested()) co_return true;
            const auto revision = record.revision;
            const auto name = record.document.key.folded();
            if (subscribers_->wants(name)) co_await send(std::move(record));
            sent_revision_ = revision;
        }
        if (is_last) sent_revision_ = std::max(sent_revision_, page->as_of);
    }
    co_return true;
}

asio::awaitable<void> event_hub::impl::send(crud::record changed)
{
    const auto revision = changed.revision;
    auto name = changed.document.key.folded();
    auto rendered = co_await render(context_, std::move(changed));
    if (!rendered) co_return;
    const auto event = std::make_shared<const session_event>(std::move(name), revision,
                                                             std::move(rendered->contract_id),
                                                             rendered->data, context_->bytes);
    for (const auto& stream : subscribers_->listeners_of(*event)) stream->offer(event);
}

/// Logs a failure once until the store answers again; it is asked again soon. False.
bool event_hub::impl::report(const std::string& why)
{
    if (std::exchange(is_reported_, true)) return false;
    context_->log->write(log_level::warning, "events wait for the store: " + why);
    return false;
}

asio::awaitable<void> event_hub::impl::heartbeat(std::stop_token stop)
{
    const std::chrono::steady_clock::duration period = context_->options.heartbeat;
    const std::chrono::steady_clock::duration min_interval = std::chrono::milliseconds(1);
    const auto interval = std::max(period / int(subscribers::heartbeat_slots), min_interval);
    while (!stop.stop_requested()) {
        co_await stoppable_pause(interval, stop);
        if (stop.stop_requested()) co_return;
        for (const auto& stream : subscribers_->take_turn()) stream->heartbeat();
    }
}

asio::awaitable<void> event_hub::impl::poll_streams(std::stop_token stop)
{
    while (!stop.stop_requested()) {
        co_await stoppable_pause(context_->options.stream_poll, stop);
        if (stop.stop_requested()) co_return;
        for (const auto& stream : subscribers_->all()) stream->poll();
    }
}

}  // namespace ocpi::status
