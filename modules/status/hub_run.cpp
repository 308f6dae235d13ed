#include "modules/status/hub_run.hpp"

#include "modules/sessions/session_record.hpp"
#include "modules/status/event_stream.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <exception>
#include <limits>
#include <utility>

namespace ocpi::status {
namespace {

namespace asio = boost::asio;

constexpr auto never = asio::steady_timer::time_point::max();

}  // namespace

hub_run::hub_run(std::shared_ptr<const hub_context> context, asio::any_io_executor executor)
    : context_(std::move(context)),
      strand_(asio::make_strand(std::move(executor))),
      wake_timer_(strand_, never),
      beat_timer_(strand_),
      look_timer_(strand_),
      done_timer_(strand_, never)
{
}

void hub_run::start()
{
    is_running_ = true;
    auto work = [self = shared_from_this()] { return self->run(); };
    asio::co_spawn(strand_, std::move(work), asio::detached);
}

asio::awaitable<void> hub_run::stop()
{
    close_streams();
    auto work = [self = shared_from_this()] { return self->stop_on_strand(); };
    co_await asio::co_spawn(strand_, std::move(work), asio::use_awaitable);
}

void hub_run::end()
{
    close_streams();
    asio::post(strand_, [self = shared_from_this()] {
        self->is_stopping_ = true;
        self->wake_timer_.cancel();
        self->beat_timer_.cancel();
        self->look_timer_.cancel();
    });
}

asio::awaitable<void> hub_run::stop_on_strand()
{
    is_stopping_ = true;
    wake_timer_.cancel();
    beat_timer_.cancel();
    look_timer_.cancel();
    while (is_running_) co_await wait(done_timer_);
}

void hub_run::close_streams()
{
    audience_->close();
    for (const auto& stream : audience_->all()) stream->close();
}

void hub_run::on_change() noexcept
{
    // A reader that comes now reads the store, which has the change already.
    if (audience_->is_empty() || is_posted_.exchange(true)) return;
    try {
        asio::post(strand_, [self = shared_from_this()] { self->wake(); });
    } catch (const std::exception&) {  // out of memory: it is told with the next look around
        is_posted_ = false;
    }
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

void hub_run::wake()
{
    is_woken_ = true;
    wake_timer_.cancel();
}

asio::awaitable<void> hub_run::run()
{
    arm_beat();
    arm_look();
    while (!is_stopping_) {
        is_woken_ = false;
        is_posted_ = false;
        try {
            co_await follow_store();
        } catch (const std::exception& bug) {
            report(bug.what());
        }
        if (!is_woken_ && !is_stopping_) co_await wait(wake_timer_);
    }
    is_running_ = false;
    done_timer_.cancel();
}

asio::awaitable<void> hub_run::wait(asio::steady_timer& timer)
{
    boost::system::error_code ended;
    co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, ended));
}

asio::awaitable<void> hub_run::follow_store()
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
    co_await tell_changes();
}

asio::awaitable<result<crud::changes_page>> hub_run::list(crud::revision after, std::size_t most)
{
    crud::changes_query query;
    query.after = after;
    query.limit = most;
    co_return co_await context_->sessions->list_changes(crud::interface_side::receiver,
                                                        std::move(query));
}

asio::awaitable<void> hub_run::tell_changes()
{
    for (bool is_last = false; !is_last && !is_stopping_;) {
        auto page = co_await list(told_to_, context_->options.page);
        if (page.has_error()) co_return report(page.error().text());
        is_reported_ = false;
        is_last = page->is_last_page;
        for (auto& record : page->records) {
            if (is_stopping_) co_return;
            const auto revision = record.revision;
            const auto name = sessions::session_key_of(record.document.key).folded();
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

/// Once until all is well again: the store is asked anew soon.
void hub_run::report(const std::string& why)
{
    if (std::exchange(is_reported_, true)) return;
    context_->log->write(log_level::warning, "events wait for the store: " + why);
}

void hub_run::arm_beat()
{
    const std::chrono::steady_clock::duration period = context_->options.heartbeat;
    const std::chrono::steady_clock::duration shortest = std::chrono::milliseconds(1);
    const std::chrono::steady_clock::duration turn = period / int(audience::beat_slots);
    beat_timer_.expires_after(std::max(turn, shortest));
    beat_timer_.async_wait([self = shared_from_this()](boost::system::error_code cancelled) {
        if (!cancelled && !self->is_stopping_) self->on_beat();
    });
}

void hub_run::on_beat()
{
    for (const auto& stream : audience_->take_turn()) stream->beat();
    arm_beat();
}

void hub_run::arm_look()
{
    look_timer_.expires_after(context_->options.look_around);
    look_timer_.async_wait([self = shared_from_this()](boost::system::error_code cancelled) {
        if (!cancelled && !self->is_stopping_) self->on_look();
    });
}

void hub_run::on_look()
{
    for (const auto& stream : audience_->all()) stream->look();
    if (!audience_->is_empty()) wake();
    arm_look();
}

}  // namespace ocpi::status
