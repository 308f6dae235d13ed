// The part of push_worker that reads lists and keeps the durable progress: one coroutine, run().

#include "modules/exchange/push_worker.hpp"
#include "modules/sessions/session_reader.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <exception>

namespace ocpi::exchange {
namespace {

namespace asio = boost::asio;

/// More than these are not written down; then the progress stays where it is.
constexpr std::size_t max_owed = 1000;

std::vector<std::string> names_of(const std::vector<crud::object_key>& keys)
{
    std::vector<std::string> names;
    for (const auto& key : keys) names.push_back(key.folded());
    std::sort(names.begin(), names.end());
    return names;
}

}  // namespace

asio::awaitable<void> push_worker::run()
{
    try {
        while (!is_stopping_) {
            const auto now = clock::now();
            if (now < not_before_) {
                co_await wait_for_wake(not_before_);
            } else if (in_flight_ > 0 && (must_forget_ || !is_loaded_)) {
                // Else a mark of the former registration could be written after it was forgotten,
                // and one session be on its way twice.
                co_await wait_for_wake(clock::time_point::max());
            } else if (must_forget_) {
                co_await forget();
            } else if (!target_) {
                co_await wait_for_wake(clock::time_point::max());
            } else if (!is_loaded_) {
                if (co_await load()) dispatch();
            } else if (must_save_) {
                co_await save_progress();
            } else if (is_scan_due()) {
                co_await scan();
            } else {
                co_await wait_for_wake(next_scan());
            }
        }
    } catch (const std::exception& bug) {
        if (!*is_over_) write_log(log_level::error, "push to " + name_ + " stopped: " + bug.what());
    }
    is_running_ = false;
    stop_timer_.cancel();
}

asio::awaitable<void> push_worker::forget()
{
    must_forget_ = false;
    const auto forgotten = co_await context_->tools->marks.forget(name_);
    if (forgotten.has_value()) co_return;
    must_forget_ = true;
    defer(forgotten.error());
}

/// Reads how far the partner has everything. A record of it is there before the first mark.
asio::awaitable<bool> push_worker::load()
{
    const auto registration = registration_;
    const auto target = target_;
    const auto scope = scope_;
    auto found = co_await context_->tools->marks.find_progress(name_);
    if (found.has_error()) {
        defer(found.error());
        co_return false;
    }
    stored_progress loaded;
    std::optional<crud::revision> base;
    if (*found) {
        loaded = std::move(**found);
        base = loaded.revision;
    }
    auto& progress = loaded.value;
    const bool is_elsewhere =
        progress.url != target->url || progress.registration != target->registration;
    if (!progress.url.empty() && is_elsewhere) {
        // What the partner had at another address, or before it registered again, does not count.
        must_forget_ = true;
        co_return false;
    }
    if (progress.url.empty() || progress.scope != scope) {
        progress.revision = 0;
        progress.url = target->url;
        progress.registration = target->registration;
        progress.scope = scope;
        const auto saved = co_await context_->tools->marks.save_progress(name_, progress, base);
        if (saved.has_error()) {
            defer(saved.error());
            co_return false;
        }
        loaded.revision = *saved;
    }
    if (registration != registration_ || is_stopping_) co_return false;
    take_progress(std::move(loaded));
    is_loaded_ = true;
    co_return true;
}

void push_worker::take_progress(stored_progress found)
{
    stored_ = std::move(found);
    found_.clear();
    scanned_to_.reset();
    must_save_ = false;
    is_scan_void_ = false;
    is_scan_wanted_ = true;
    for (const auto& owed : stored_.value.owed) add(owed, 0);
}

bool push_worker::is_scan_due() const
{
    return next_scan() <= clock::now();
}

push_worker::clock::time_point push_worker::next_scan() const
{
    const auto& options = context_->options;
    // Nothing more is looked for while a partner is not well, but for something to probe with.
    if (health_.is_paused()) return clock::time_point::max();
    if (!health_.is_well() && (health_.is_probe_out() || backlog_.ready() > 0)) {
        return clock::time_point::max();
    }
    // One that had to be given up is not begun again at once: there is too much to do already.
    if (is_scan_wanted_)
        return is_scan_void_ ? last_scan_ + options.partner_backoff.first
                             : clock::time_point::min();
    const bool is_idle = in_flight_ == 0 && backlog_.ready() == 0;
    auto interval = options.rescan_interval;
    if (is_idle && has_sent_since_scan_) interval = std::min(interval, options.progress_interval);
    return last_scan_ + interval;
}

asio::awaitable<void> push_worker::scan()
{
    is_scan_wanted_ = false;
    is_scan_void_ = false;
    has_sent_since_scan_ = false;
    last_scan_ = clock::now();
    found_.clear();
    scanned_to_.reset();
    const auto scanned_to = co_await walk();
    if (*is_over_) co_return;
    if (!scanned_to || is_scan_void_) {
        is_scan_wanted_ = is_scan_wanted_ || !is_stopping_;
        co_return;
    }
    scanned_to_ = scanned_to;
    advance();
}

/// Goes through what has changed, page by page, and returns up to which change. Nothing when it
/// has to be done once more.
asio::awaitable<std::optional<crud::revision>> push_worker::walk()
{
    crud::changes_query query;
    query.owners = context_->own_parties;
    query.emsps = target_->emsps;
    query.limit = context_->options.scan_page;
    auto reached = stored_.value.revision;
    for (bool is_last = false; !is_last;) {
        query.after = reached;
        auto page = co_await context_->tools->crud->list_changes(
            sessions::session_records, crud::interface_side::sender, query);
        if (*is_over_ || is_scan_void_) co_return std::nullopt;
        if (page.has_error()) {
            defer(page.error());
            co_return std::nullopt;
        }
        std::vector<changed_session> listed;
        for (const auto& record : page->records) {
            listed.emplace_back(record.document.key, record.revision);
        }
        if (!listed.empty()) reached = listed.back().revision;
        is_last = page->is_last_page;
        page = crud::changes_page();
        if (!co_await read_snapshot(std::move(listed))) co_return std::nullopt;
    }
    co_return reached;
}

asio::awaitable<bool> push_worker::read_snapshot(std::vector<changed_session> listed)
{
    auto asking = make_push();
    for (const auto& each : listed) {
        const auto settled = co_await asking.is_settled(each.key, each.revision);
        if (*is_over_ || is_scan_void_) co_return false;
        if (settled.has_error()) {
            defer(settled.error());
            co_return false;
        }
        if (*settled) continue;
        found_.insert(each.key.folded());
        add(each.key, each.revision);
        dispatch();
        // There is always to be room for what changes meanwhile.
        while (backlog_.ready() > context_->options.max_dirty / 2) {
            if (is_stopping_) co_return false;
            co_await wait_for_wake(clock::time_point::max());
            if (*is_over_ || is_scan_void_) co_return false;
        }
    }
    co_return !is_scan_void_;
}

void push_worker::settle_found(const std::string& name)
{
    if (found_.erase(name) > 0) advance();
}

void push_worker::advance()
{
    if (!scanned_to_ || !found_.empty()) return;
    const auto up_to = *scanned_to_;
    scanned_to_.reset();
    auto owed = backlog_.refused();
    if (owed.size() > max_owed) return;
    auto& progress = stored_.value;
    if (progress.revision == up_to && names_of(progress.owed) == names_of(owed)) return;
    progress.revision = up_to;
    progress.owed = std::move(owed);
    must_save_ = true;
    wake();
}

asio::awaitable<bool> push_worker::save_progress()
{
    must_save_ = false;
    const auto registration = registration_;
    const auto saved =
        co_await context_->tools->marks.save_progress(name_, stored_.value, stored_.revision);
    if (*is_over_ || registration != registration_) co_return false;
    if (saved.has_value()) {
        stored_.revision = *saved;
        co_return true;
    }
    // Another process keeps it too, or the store is not well: read it again.
    auto found = co_await context_->tools->marks.find_progress(name_);
    if (*is_over_ || registration != registration_) co_return false;
    const bool is_ours = found.has_value() && *found && (*found)->value.url == target_->url &&
                         (*found)->value.registration == target_->registration &&
                         (*found)->value.scope == scope_;
    if (is_ours) {
        take_progress(std::move(**found));
    } else {
        is_loaded_ = false;
    }
    if (saved.error().code() != errc::conflict) defer(saved.error());
    co_return false;
}

void push_worker::defer(const error& failure)
{
    if (*is_over_) return;
    const auto& text = failure.log_text().empty() ? failure.text() : failure.log_text();
    write_log(log_level::debug, "the push to " + name_ + " waits for the store: " + text);
    not_before_ = clock::now() + context_->options.partner_backoff.first;
}

asio::awaitable<void> push_worker::wait_for_wake(clock::time_point until)
{
    boost::system::error_code ended;
    wake_timer_.expires_at(until);
    co_await wake_timer_.async_wait(asio::redirect_error(asio::use_awaitable, ended));
}

}  // namespace ocpi::exchange
