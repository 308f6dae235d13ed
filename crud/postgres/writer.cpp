#include "crud/postgres/writer.hpp"

#include "crud/errors.hpp"
#include "crud/postgres/session.hpp"
#include "ocpi/base/pause.hpp"
#include "ocpi/base/uuid.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace ocpi::crud::postgres {
namespace {

namespace asio = boost::asio;
using std::chrono::steady_clock;

/// Beyond this a commit costs little beside the statements, and the first write waits in vain.
constexpr std::size_t max_writes_per_commit = 512;
constexpr std::size_t max_bytes_per_commit = 16 * 1024 * 1024;

/// A transaction that others were in the way of so often fails.
constexpr unsigned max_attempts = 10;

/// A transaction that takes longer waits for a server that does not answer.
constexpr auto max_transaction_time = std::chrono::seconds(15);

/// How long a lost connection goes unnoticed at most while there is no write.
constexpr auto look_interval = std::chrono::seconds(1);

constexpr backoff between_retries{std::chrono::milliseconds(2), std::chrono::milliseconds(200)};

std::vector<const write*> writes_of(const std::vector<waiting_write>& waiting)
{
    std::vector<const write*> writes;
    writes.reserve(waiting.size());
    for (const auto& each : waiting) writes.push_back(&each.what);
    return writes;
}

std::vector<waiting_write> take_second_half(std::vector<waiting_write>& from)
{
    const auto middle = from.begin() + static_cast<std::ptrdiff_t>(from.size() / 2);
    std::vector<waiting_write> half(std::make_move_iterator(middle),
                                    std::make_move_iterator(from.end()));
    from.erase(middle, from.end());
    return half;
}

}  // namespace

writer::writer(asio::any_io_executor strand, connection_options options, std::size_t capacity,
               health& told)
    : strand_(std::move(strand)), options_(std::move(options)), health_(told), queue_(capacity)
{
    name_.writer = make_uuid();
}

writer::~writer() = default;

asio::awaitable<void> writer::open()
{
    auto made = std::make_unique<connection>(strand_, options_);
    co_await made->open();
    co_await prepare_plans(*made);
    keeps_plans_ = co_await can_discard_plans(*made);
    planned_at_ = steady_clock::now();
    if (!keeps_plans_) co_await plan_each_time(*made);
    auto registering = registration_statements(name_.writer);
    (void)co_await made->run(std::move(registering));
    connection_ = std::move(made);
    is_connected_ = true;
}

/// One attempt. While it takes long, as when it has failed, writes are refused.
asio::awaitable<bool> writer::reconnect()
{
    is_connected_ = false;
    connection_.reset();
    asio::steady_timer alarm(strand_, max_wait_for_connection);
    alarm.async_wait([this](boost::system::error_code cancelled) {
        if (!cancelled && !is_connected_)
            queue_.refuse(store_unreachable("the server does not answer"));
    });
    bool is_open = false;
    try {
        co_await open();
        is_open = true;
    } catch (const std::exception& failure) {
        cause_ = failure.what();
    }
    alarm.cancel();
    if (is_open) {
        failed_attempts_ = 0;
        queue_.admit();
        co_return true;
    }
    ++failed_attempts_;
    health_.failed(cause_);
    queue_.refuse(store_unreachable(cause_));
    co_return false;
}

asio::awaitable<void> writer::wait_for_server()
{
    if (co_await reconnect()) {
        health_.worked();
        co_return;
    }
    if (queue_.is_closed()) co_return;
    const auto pause = between_openings.about(failed_attempts_, jitter_source());
    (void)co_await queue_.changed().wait_for(pause);
}

asio::awaitable<void> writer::run()
{
    for (;;) {
        if (!connection_ || !connection_->is_open()) {
            co_await wait_for_server();
            if (!is_connected_ && queue_.is_closed()) break;
            continue;
        }
        if (queue_.size() > 0) {
            co_await queue_.wait_for(pace_.expected_writes(), pace_.longest_wait());
        }
        auto batch = queue_.take(max_writes_per_commit, max_bytes_per_commit);
        if (!batch.empty()) {
            co_await write_all(std::move(batch));
        } else if (queue_.is_closed()) {
            break;
        } else {
            (void)co_await queue_.changed().wait_for(look_interval);
        }
    }
    connection_.reset();
}

/// The halves of a group that was split are written before the next batch.
asio::awaitable<void> writer::write_all(group batch)
{
    std::vector<group> left;
    left.push_back(std::move(batch));
    while (!left.empty()) {
        auto next = std::move(left.back());
        left.pop_back();
        began_at_ = steady_clock::now().time_since_epoch().count();
        auto second_half = co_await write_group(next);
        began_at_ = 0;
        if (!second_half) continue;
        left.push_back(std::move(*second_half));
        left.push_back(std::move(next));
    }
}

/// Answers the writes, unless it returns the second half of them, and keeps the first.
asio::awaitable<std::optional<writer::group>> writer::write_group(group& of)
{
    using enum write_failure;
    attempt made;
    for (unsigned attempts = 1; attempts <= max_attempts; ++attempts) {
        if (!connection_ && !co_await reconnect()) {
            fail(of, store_unreachable(cause_));
            co_return std::nullopt;
        }
        made = co_await try_group(of);
        if (made.failure == disconnected) {
            is_connected_ = false;
            connection_.reset();
            if (made.is_commit_sent && !co_await settle(made)) break;
        }
        if (!made.failure) {
            answer(of, made);
            co_return std::nullopt;
        }
        if (made.failure == failed || (made.failure == bad_value && of.size() == 1)) break;
        if (made.failure == bad_value) co_return take_second_half(of);
        if (attempts > 1) co_await pause_for(between_retries.about(attempts, jitter_source()));
    }
    // What one write says is no fault of the store.
    if (made.failure != bad_value) health_.failed(made.cause);
    fail(of, store_unavailable(made.cause));
    co_return std::nullopt;
}

asio::awaitable<writer::attempt> writer::try_group(const group& of)
{
    const auto began_at = steady_clock::now();
    const auto writes = writes_of(of);
    auto made = co_await try_statements(writes);
    if (made.failure) co_return made;
    ++commits_;
    const auto taken = steady_clock::now() - began_at;
    pace_.committed(of.size(), taken, std::min(made.held_up, taken), queue_.size());
    batch_writes_.add(static_cast<double>(of.size()));
    commit_seconds_.add(std::chrono::duration<double>(taken).count());
    co_return made;
}

/// True once for each max_plan_age: the plans are to be discarded.
bool writer::are_plans_old()
{
    const auto now = steady_clock::now();
    if (!keeps_plans_ || now - planned_at_ < max_plan_age) return false;
    planned_at_ = now;
    return true;
}

/// The two trips.
asio::awaitable<writer::attempt> writer::try_statements(const std::vector<const write*>& writes)
{
    attempt made;
    auto keys = keys_of(writes);
    auto locking = begin_statements(name_, writes, keys);
    if (are_plans_old()) locking.push_back(discard_plans());
    const auto locked = co_await run_or_note(std::move(locking), made);
    if (!locked) co_return made;
    const auto read = read_locked(*locked, keys);
    if (!read.is_registered) {
        // Removed by another process after a day without writes. Without it there is no lock by
        // which to find out what comes of the transaction: a new connection registers again.
        made.failure = write_failure::disconnected;
        made.cause = "the row of this process in the table writer was removed";
        co_return made;
    }
    made.plan = plan_writes(writes, std::move(keys), read.state);
    if (!made.plan.changes_anything) {
        std::vector<command> ending;
        ending.emplace_back("COMMIT");
        (void)co_await run_or_note(std::move(ending), made);
        co_return made;
    }
    ++name_.number;
    auto storing = commit_statements(name_, made.plan);
    made.is_commit_sent = true;
    const auto stored = co_await run_or_note(std::move(storing), made);
    if (!stored) co_return made;
    made.base = read_base_revision(*stored, made.plan);
    made.held_up = read_lock_wait(*stored);
    co_return made;
}

asio::awaitable<std::optional<std::vector<rows>>> writer::run_or_note(std::vector<command> commands,
                                                                      attempt& noted)
{
    try {
        co_return co_await connection_->run(std::move(commands));
    } catch (const postgres_error& failure) {
        noted.failure = classify_failure(failure, connection_->is_open());
        noted.cause = failure.what();
    }
    co_return std::nullopt;
}

/// Of a transaction whose COMMIT was sent before the connection was lost. False: it cannot be found
/// out. Else it is known: the attempt has succeeded, or is as if it had not been made.
asio::awaitable<bool> writer::settle(attempt& of)
{
    const auto last = co_await find_outcome();
    if (!last) {
        of.cause = "whether the last transaction was committed is not known: " + of.cause;
        co_return false;
    }
    if (last->number == name_.number) {
        of.failure.reset();
        of.base = last->revision - static_cast<revision>(of.plan.revisions);
    }
    co_return true;
}

asio::awaitable<std::optional<last_outcome>> writer::find_outcome()
{
    const auto deadline = steady_clock::now() + max_outcome_time;
    for (unsigned attempts = 1;; ++attempts) {
        if (co_await reconnect()) {
            attempt noted;
            auto asking = outcome_statements(name_.writer);
            const auto answered = co_await run_or_note(std::move(asking), noted);
            if (answered) co_return read_outcome(*answered);
        }
        const auto now = steady_clock::now();
        if (now >= deadline) co_return std::nullopt;
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - now);
        const auto pause = between_openings.about(attempts, jitter_source());
        co_await pause_for(std::min(pause, left));
    }
}

void writer::answer(group& of, const attempt& made)
{
    health_.worked();
    for (std::size_t i = 0; i < of.size(); ++i) {
        const auto& decided = made.plan.decisions[i];
        if (decided.refusal) {
            of[i].answer(*decided.refusal);
            continue;
        }
        write_answer answered;
        answered.revision = made.base + static_cast<revision>(decided.revision_number);
        answered.removed = decided.removed;
        of[i].answer(std::move(answered));
    }
}

void writer::fail(group& of, const error& why)
{
    for (auto& each : of) each.answer(why);
}

bool writer::is_doubtful() const
{
    if (health_.is_failing() || !is_connected_) return true;
    const auto began_at = began_at_.load();
    return began_at != 0 &&
           steady_clock::now().time_since_epoch() - steady_clock::duration(began_at) >
               steady_clock::duration(max_transaction_time);
}

}  // namespace ocpi::crud::postgres
