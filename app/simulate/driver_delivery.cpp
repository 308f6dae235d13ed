// How the driver sends the writes of each session, in order, and judges the answers.

#include "app/simulate/driver.hpp"
#include "ocpi/base/backoff.hpp"
#include "ocpi/base/pause.hpp"

#include <algorithm>
#include <utility>

namespace ocpi::app::simulate {
namespace {

using boost::asio::awaitable;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

/// A write that stays without an answer is given up after so many attempts, half a minute.
constexpr unsigned max_attempts = 7;
constexpr backoff between_attempts{milliseconds(500), std::chrono::seconds(10)};

constexpr std::size_t max_queued_per_worker = 8;

/// The server asks to be called again: it is overloaded, or has failed.
bool asks_for_retry(const partners::platform_answer& answered)
{
    return answered.http_status == 429 || answered.http_status >= 500 ||
           answered.status_code >= 3000;
}

}  // namespace

awaitable<void> driver::enqueue(outgoing_write due)
{
    while (outstanding_ >= max_queued_per_worker * options_.concurrency) co_await room_.wait();
    const auto [lane, is_new] = lanes_.try_emplace(due.session);
    lane->second.push_back(std::move(due.write));
    ++outstanding_;
    if (!is_new) co_return;
    ready_.push_back(due.session);
    work_.notify();
}

awaitable<void> driver::send_writes()
{
    for (;;) {
        if (ready_.empty()) {
            if (is_closed_) co_return;
            co_await work_.wait();
            continue;
        }
        const auto index = ready_.front();
        ready_.pop_front();
        auto& lane = lanes_[index];
        auto write = std::move(lane.front());
        lane.pop_front();
        co_await deliver(index, std::move(write));
        --outstanding_;
        if (lane.empty()) {
            lanes_.erase(index);
            auto& session = simulated_.session(index);
            if (!options_.verifies && !session.next()) session.forget_document();
        } else {
            ready_.push_back(index);
        }
        room_.notify();
    }
}

awaitable<void> driver::deliver(std::size_t index, session_write sent)
{
    const auto answered = co_await send_until_answered(simulated_.session(index).id(), sent);
    const bool accepted = answered.has_value() && is_accepted(*answered);
    const bool refused = answered.has_value() && !accepted && !asks_for_retry(*answered);
    if (sent.is_out_of_date ? !refused : !accepted) {
        add_unexpected(index, sent, answered);
        if (!sent.is_out_of_date) co_await repair(index);
        co_return;
    }
    if (sent.is_out_of_date || simulated_.session(index).status() != "ACTIVE") co_return;
    if (follows_plans_) co_await follow_plan(index);
    if (reads_preferences_) co_await read_back(index);
}

awaitable<driver::answer> driver::send_until_answered(std::string id, const session_write& sent)
{
    for (unsigned attempt = 1;; ++attempt) {
        const auto begun = steady_clock::now();
        auto answered = co_await server_.write(id, sent);
        const bool is_final = answered.has_value() && !asks_for_retry(*answered);
        if (is_final || attempt == max_attempts || stop_.stop_requested()) {
            tally_.latencies.add(steady_clock::now() - begun);
            tally_.count(sent);
            co_return answered;
        }
        ++tally_.retries;
        auto wait = between_attempts.about(attempt, jitter_source());
        if (answered.has_value() && answered->retry_after) {
            wait = std::min<milliseconds>(*answered->retry_after, between_attempts.max);
        }
        co_await stoppable_pause(wait, stop_);
    }
}

/// As a CPO does whose write was refused or got lost [OCPI transport and format, PATCH]: the whole
/// Session by PUT, in place of all that waits to be sent.
awaitable<void> driver::repair(std::size_t index)
{
    auto& lane = lanes_[index];
    outstanding_ -= lane.size();
    lane.clear();
    const auto whole = simulated_.session(index).repair();
    const auto answered = co_await send_until_answered(simulated_.session(index).id(), whole);
    if (answered.has_error() || !is_accepted(*answered)) add_unexpected(index, whole, answered);
}

void driver::add_unexpected(std::size_t index, const session_write& sent, const answer& answered)
{
    ++tally_.unexpected;
    const std::string method = sent.is_put ? "PUT" : "PATCH";
    difference found;
    found.session = simulated_.session(index).id();
    found.expected = sent.is_out_of_date ? "its out-of-date " + method + " to be refused"
                                         : "its " + method + " to be accepted";
    found.got = describe(answered);
    differences_.push_back(std::move(found));
}

awaitable<void> driver::read_back(std::size_t index)
{
    auto& session = simulated_.session(index);
    const auto answered = co_await server_.get_session(session.id());
    if (answered.has_error() || !answered->is_success()) co_return;
    const auto data = answered->data();
    auto preferences = data ? read_preferences(*data) : std::nullopt;
    if (!preferences || session.preferences() == preferences) co_return;
    ++tally_.preferences;
    session.obey(std::move(*preferences), now_);
    simulated_.reschedule(index);
}

awaitable<void> driver::follow_plan(std::size_t index)
{
    auto& session = simulated_.session(index);
    auto plan = co_await server_.get_plan(session.driven());
    if (plan.has_value() && *plan) session.follow(std::move(**plan));
}

}  // namespace ocpi::app::simulate
