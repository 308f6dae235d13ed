#include "modules/managed/policy_follower.hpp"

#include "modules/managed/managed_store.hpp"
#include "modules/managed/preferences_sender.hpp"
#include "modules/sessions/session_record.hpp"

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>

namespace ocpi::managed {
namespace {

using boost::asio::awaitable;

/// How often the store is read at least, and how long after a failure.
constexpr std::chrono::seconds follow_interval{1};

constexpr std::uint64_t page_size = 1'000;

}  // namespace

policy_follower::policy_follower(std::shared_ptr<Crud> crud, policy_events& events,
                                 std::shared_ptr<const clock> time, std::shared_ptr<logger> log,
                                 listeners told)
    : crud_(std::move(crud)),
      events_(events),
      time_(std::move(time)),
      log_(std::move(log)),
      listeners_(std::move(told))
{
}

awaitable<result<void>> policy_follower::begin()
{
    const auto latest = co_await crud_->find_latest_revision();
    if (latest.has_error()) co_return latest.error();
    followed_ = *latest;
    co_return result<void>();
}

awaitable<void> policy_follower::run(std::stop_token stop)
{
    // A failure is logged once, until the store answers again.
    bool was_failing = false;
    while (!stop.stop_requested()) {
        const auto followed = co_await follow(stop);
        if (followed.has_error() && !was_failing) {
            log_->write(log_level::warning,
                        "changes that concern policies cannot be read, which is tried again: " +
                            followed.error().text());
        }
        was_failing = followed.has_error();
        co_await wake_.wait_for(follow_interval, stop);
    }
}

awaitable<result<void>> policy_follower::follow(std::stop_token stop)
{
    const auto latest = co_await crud_->find_latest_revision();
    if (latest.has_error()) co_return latest.error();
    if (*latest <= followed_) co_return result<void>();
    // Changes of sessions go to the policies that are known.
    const auto refreshed = co_await events_.policies().refresh(std::chrono::milliseconds(0));
    if (refreshed.has_error()) co_return refreshed.error();
    auto contracts = events_.policies().take_new_contracts();
    if (!contracts.empty()) {
        const auto adopted = co_await events_.adopt_latest(std::move(contracts));
        if (adopted.has_error()) co_return adopted.error();
    }
    if (!events_.policies().has_policies()) {
        followed_ = *latest;
        co_return result<void>();
    }
    const auto sessions_up_to = co_await read(sessions::session_records, false, stop);
    if (sessions_up_to.has_error()) co_return sessions_up_to.error();
    const auto records_up_to = co_await read(managed_session_records, true, stop);
    if (records_up_to.has_error()) co_return records_up_to.error();
    followed_ = std::min(*sessions_up_to, *records_up_to);
    co_return result<void>();
}

/// Up to which revision the changes of that module were read.
awaitable<result<crud::revision>> policy_follower::read(std::string_view module, bool needs_json,
                                                        std::stop_token stop)
{
    crud::changes_query query;
    query.after = followed_;
    query.limit = page_size;
    query.needs_json = needs_json;
    for (;;) {
        const auto page = co_await crud_->list_changes(module, crud::interface_side::sender, query);
        if (page.has_error()) co_return page.error();
        for (const auto& record : page->records) {
            query.after = record.revision;
            take(module, record);
        }
        if (page->is_last_page) co_return std::max(query.after, page->as_of);
        if (stop.stop_requested()) co_return followed_;
    }
}

void policy_follower::take(std::string_view module, const crud::record& record)
{
    if (module == sessions::session_records) {
        if (events_.post(record)) listeners_.on_changes();
    } else {
        const auto session = read_managed_session(record.document.json);
        // Not what waits for an answer: that is asked for again at the quarter-hour.
        if (session.has_error() || !has_unsent_target(*session, time_->now())) return;
        listeners_.on_target(record.document.key);
    }
}

}  // namespace ocpi::managed
