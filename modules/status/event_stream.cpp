#include "modules/status/event_stream.hpp"

#include "modules/status/subscribers.hpp"
#include "ocpi/protocol/contract_id.hpp"

#include <algorithm>
#include <exception>
#include <utility>

namespace ocpi::status {
namespace {

namespace asio = boost::asio;

/// How long a reader waits before it connects again, in milliseconds.
constexpr const char* retry_hint = "retry: 3000\n";
constexpr const char* sign_of_life = ":\n\n";

/// Events that wait are sent together, up to so many bytes at a time.
constexpr std::size_t usual_piece = 16 * 1024;

/// How many streams read from the store at a time.
constexpr std::size_t max_readers = 2;

std::vector<std::string> topics_of(const stream_scope& scope)
{
    std::vector<std::string> topics;
    if (scope.session) {
        topics.push_back(scope.session->folded());
    } else if (scope.filter) {
        for (const auto& contract : contract_keys(*scope.filter)) topics.push_back(contract.str());
    }
    return topics;
}

}  // namespace

event_stream::event_stream(std::shared_ptr<const hub_context> context,
                           std::shared_ptr<subscribers> among, stream_scope scope,
                           std::optional<crud::revision> last_seen)
    : context_(std::move(context)),
      among_(std::move(among)),
      scope_(std::move(scope)),
      topics_(topics_of(scope_)),
      last_seen_(last_seen)
{
    if (!scope_.session) sent_revision_ = last_seen.value_or(0);
}

event_stream::~event_stream()
{
    among_->leave(*this);
}

/// Changes what is guarded, and wakes the reader if there is now something for it.
template <class Change>
void event_stream::change_and_wake(Change change)
{
    completion<bool> woken;
    {
        const std::lock_guard lock(mutex_);
        change();
        if (!is_waiting_ || !must_wake()) return;
        is_waiting_ = false;
        woken = std::move(waiter_);
    }
    woken(true);
}

void event_stream::close() noexcept
{
    among_->leave(*this);
    change_and_wake([this] {
        is_closed_ = true;
        std::vector<shared_event>().swap(pending_);
    });
}

void event_stream::offer(const shared_event& event)
{
    if (!is_in_scope(scope_.filter, event->contract_id)) return;
    change_and_wake([this, &event] {
        if (is_closed_) return;
        if (missing_from_) return overflow(event->revision);
        const auto same =
            std::find_if(pending_.begin(), pending_.end(), [&event](const shared_event& waiting) {
                return waiting->session_hash == event->session_hash &&
                       waiting->session == event->session;
            });
        if (same != pending_.end()) {
            if ((*same)->revision < event->revision) *same = event;
        } else if (pending_.empty() || has_room()) {
            pending_.push_back(event);
        } else {
            overflow(event->revision);
        }
    });
}

bool event_stream::has_room() const
{
    return pending_.size() < context_->options.max_pending &&
           *context_->bytes <= context_->options.max_pending_bytes;
}

void event_stream::catch_up_from(crud::revision first)
{
    change_and_wake([this, first] { overflow(first); });
}

/// What waits is given up, and will be read from the store with the rest.
void event_stream::overflow(crud::revision from)
{
    auto lowest = std::min(from, missing_from_.value_or(from));
    for (const auto& event : pending_) lowest = std::min(lowest, event->revision);
    missing_from_ = lowest;
    std::vector<shared_event>().swap(pending_);
}

void event_stream::heartbeat()
{
    change_and_wake([this] { is_beat_due_ = true; });
}

void event_stream::poll()
{
    change_and_wake([this] { is_look_due_ = is_waiting_; });
}

bool event_stream::is_closed() const
{
    const std::lock_guard lock(mutex_);
    return is_closed_;
}

bool event_stream::must_wake() const
{
    return is_closed_ || is_beat_due_ || is_look_due_ || missing_from_ || !pending_.empty();
}

void event_stream::enqueue(completion<bool> waiter)
{
    {
        const std::lock_guard lock(mutex_);
        if (!must_wake()) {
            waiter_ = std::move(waiter);
            is_waiting_ = true;
            return;
        }
    }
    waiter(true);
}

asio::awaitable<void> event_stream::wait()
{
    auto start = [this](completion<bool> waiter) { enqueue(std::move(waiter)); };
    co_await await_completion<bool>(start);
}

asio::awaitable<keyed_mutex::lock> event_stream::lock_reader()
{
    return context_->readers->take(std::to_string(beat_slot % max_readers));
}

asio::awaitable<std::optional<std::string>> event_stream::next()
{
    std::optional<std::string> text;
    try {
        text = co_await find_next();
    } catch (const std::exception& bug) {
        give_up(bug.what());
    }
    const bool is_first = text && !text->empty() && !std::exchange(is_greeted_, true);
    if (is_first) text->insert(0, retry_hint);
    co_return text;
}

asio::awaitable<std::optional<std::string>> event_stream::find_next()
{
    for (;;) {
        if (is_closed()) co_return std::nullopt;
        std::string text;
        if (!found_.empty()) {
            auto next_found = std::move(found_.back());
            found_.pop_back();
            text = co_await write_found(std::move(next_found));
        } else if (read_after_) {
            if (take_heartbeat()) co_return std::string(sign_of_life);
            co_await read_changes();
        } else if (!begin_to_catch_up()) {
            text = take_pending();
            if (text.empty() && take_heartbeat()) co_return std::string(sign_of_life);
            if (text.empty()) co_await wait();
            if (text.empty() && take_look()) co_return text;
        }
        if (!text.empty()) {
            take_heartbeat();
            co_return text;
        }
    }
}

/// True when there is something to read from the store first.
bool event_stream::begin_to_catch_up()
{
    std::optional<crud::revision> from;
    {
        const std::lock_guard lock(mutex_);
        from = std::exchange(missing_from_, std::nullopt);
    }
    if (!from) return false;
    if (scope_.session) {
        found_.emplace_back(*scope_.session, 0);
    } else {
        read_after_ = std::max(sent_revision_, *from == 0 ? 0 : *from - 1);
    }
    return true;
}

asio::awaitable<void> event_stream::read_changes()
{
    const auto lock = co_await lock_reader();
    crud::changes_query query;
    query.after = *read_after_;
    if (scope_.filter) query.contracts = contract_keys(*scope_.filter);
    query.limit = context_->options.page;
    const auto page =
        co_await context_->sessions->list_changes(crud::interface_side::receiver, std::move(query));
    if (page.has_error()) co_return give_up(page.error().text());
    for (auto each = page->records.rbegin(); each != page->records.rend(); ++each) {
        found_.emplace_back(each->document.key, each->revision);
    }
    if (!page->records.empty())
        sent_revision_ = std::max(sent_revision_, page->records.back().revision);
    read_after_.reset();
    if (!page->is_last_page) read_after_ = page->records.back().revision;
}

asio::awaitable<result<crud::record>> event_stream::read(crud::object_key key)
{
    const auto lock = co_await lock_reader();
    co_return co_await context_->sessions->get(crud::interface_side::receiver, std::move(key));
}

/// The event of a session that was found to have changed; empty when none is due.
asio::awaitable<std::string> event_stream::write_found(changed_session found)
{
    auto stored = co_await read(found.key);
    if (stored.has_error()) {
        if (stored.error().code() != errc::not_found) give_up(stored.error().text());
        co_return std::string();
    }
    const auto revision = stored->revision;
    if (scope_.session) {
        if (revision <= sent_revision_) co_return std::string();
        sent_revision_ = revision;
    } else if (revision != found.revision) {
        // It has changed since: its event is due at its new place among the changes.
        if (!read_after_) read_after_ = sent_revision_;
        co_return std::string();
    }
    if (revision == last_seen_) co_return std::string();

    const auto rendered = co_await render(context_, std::move(*stored));
    if (!rendered) co_return std::string();
    if (!is_in_scope(scope_.filter, rendered->contract_id)) co_return std::string();
    co_return write_event(revision, rendered->data);
}

/// What waits, in the order of changes, as much of it as one piece should hold.
std::string event_stream::take_pending()
{
    std::string text;
    const std::lock_guard lock(mutex_);
    std::sort(pending_.begin(), pending_.end(), [](const shared_event& a, const shared_event& b) {
        return a->revision < b->revision;
    });
    auto next = pending_.begin();
    for (; next != pending_.end() && text.size() < usual_piece; ++next) {
        const auto& event = **next;
        if (event.revision <= sent_revision_ || event.revision == last_seen_) continue;
        text += event.text;
        sent_revision_ = event.revision;
    }
    pending_.erase(pending_.begin(), next);
    if (pending_.empty()) std::vector<shared_event>().swap(pending_);
    return text;
}

bool event_stream::take_heartbeat()
{
    const std::lock_guard lock(mutex_);
    return std::exchange(is_beat_due_, false);
}

bool event_stream::take_look()
{
    const std::lock_guard lock(mutex_);
    return std::exchange(is_look_due_, false);
}

/// The reader connects again and goes on from the last event that it got.
void event_stream::give_up(const std::string& why)
{
    context_->warn("an event stream ends, its reader may reconnect", why);
    close();
}

}  // namespace ocpi::status
