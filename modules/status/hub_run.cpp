#include "modules/status/hub_run.hpp"

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

hub_run::hub_run(std::shared_ptr<const hub_context> context, asio::any_io_executor executor)
    : context_(std::move(context)),
      executor_(std::move(executor)),
      tasks_(log_failures_to(context_->log))
{
}

void hub_run::start()
{
    const auto spawn_first = [this](task_scope::tasks& run) {
        run.spawn(follow(run.stop_token()));
        run.spawn(beat(run.stop_token()));
        run.spawn(look_around(run.stop_token()));
    };
    tasks_.start(executor_, spawn_first, shared_from_this());
}

asio::awaitable<void> hub_run::stop()
{
    close_streams();
    co_await tasks_.stop();
}

void hub_run::end()
{
    close_streams();
    tasks_.cancel();
}

void hub_run::close_streams()
{
    audience_->close();
    for (const auto& stream : audience_->all()) stream->close();
}

void hub_run::on_change() noexcept
{
    // A reader that comes now reads the store, which has the change already.
    if (!audience_->is_empty()) wake_.notify();
}

bool hub_run::enter(event_stream& newcomer)
{
    const std::lock_guard lock(entrance_);
    const bool is_first = audience_->is_empty();
    if (is_first) ++rounds_;
    if (!audience_->enter(newcomer)) return false;
    if (is_first) on_change();
    return true;
}

asio::awaitable<void> hub_run::follow(std::stop_token stop)
{
    while (!stop.stop_requested()) {
        try {
            co_await follow_store(stop);
        } catch (const std::exception& bug) {
            report(bug.what());
        }
        co_await wake_.wait(stop);
    }
}

asio::awaitable<void> hub_run::follow_store(std::stop_token stop)
{
    if (audience_->is_empty()) co_return;
    const auto round = rounds_.load();
    if (known_round_ != round) {
        // Nobody was told of what has changed since the last readers left. What these have missed
        // until now they read themselves.
        const auto present = co_await list(std::numeric_limits<std::int64_t>::max(), 1);
        if (present.has_error()) co_return report(present.error().text());
        told_to_ = present->as_of;
        known_round_ = round;
        for (const auto& stream : audience_->all()) stream->catch_up_from(0);
    }
    co_await tell_changes(std::move(stop));
}

asio::awaitable<result<crud::changes_page>> hub_run::list(crud::revision after, std::size_t most)
{
    crud::changes_query query;
    query.after = after;
    query.limit = most;
    co_return co_await context_->sessions->list_changes(crud::interface_side::receiver,
                                                        std::move(query));
}

asio::awaitable<void> hub_run::tell_changes(std::stop_token stop)
{
    for (bool is_last = false; !is_last && !stop.stop_requested();) {
        auto page = co_await list(told_to_, context_->options.page);
        if (page.has_error()) co_return report(page.error().text());
        is_reported_ = false;
        is_last = page->is_last_page;
        for (auto& record : page->records) {
            if (stop.stop_requested()) co_return;
            const auto revision = record.revision;
            const auto name = record.document.key.folded();
            if (audience_->wants(name)) co_await tell(std::move(record));
            told_to_ = revision;
        }
        if (is_last) told_to_ = std::max(told_to_, page->as_of);
    }
}

asio::awaitable<void> hub_run::tell(crud::record changed)
{
    auto state = found_session_of(std::move(changed));
    const auto revision = state.revision;
    auto name = state.key.folded();
    auto rendered = co_await render(context_, std::move(state));
    if (!rendered) co_return;
    const auto event = std::make_shared<const session_event>(
        std::move(name), revision, std::move(rendered->contract_id), rendered->data);
    for (const auto& stream : audience_->listeners_of(*event)) stream->offer(event);
}

/// Logs a failure once until the store answers again; it is asked again soon.
void hub_run::report(const std::string& why)
{
    if (std::exchange(is_reported_, true)) return;
    context_->log->write(log_level::warning, "events wait for the store: " + why);
}

asio::awaitable<void> hub_run::beat(std::stop_token stop)
{
    const std::chrono::steady_clock::duration period = context_->options.heartbeat;
    const std::chrono::steady_clock::duration shortest = std::chrono::milliseconds(1);
    const auto turn = std::max(period / int(subscribers::beat_slots), shortest);
    while (!stop.stop_requested()) {
        co_await stoppable_pause(turn, stop);
        if (stop.stop_requested()) co_return;
        for (const auto& stream : audience_->take_turn()) stream->beat();
    }
}

asio::awaitable<void> hub_run::look_around(std::stop_token stop)
{
    while (!stop.stop_requested()) {
        co_await stoppable_pause(context_->options.look_around, stop);
        if (stop.stop_requested()) co_return;
        for (const auto& stream : audience_->all()) stream->look();
        if (!audience_->is_empty()) wake_.notify();
    }
}

}  // namespace ocpi::status
