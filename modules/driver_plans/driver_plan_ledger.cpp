#include "modules/driver_plans/driver_plan_ledger.hpp"

#include <algorithm>

namespace ocpi::driver_plans {
driver_plan_ledger::driver_plan_ledger(std::shared_ptr<metered_sessions> sessions,
                                       std::size_t max_events)
    : sessions_(std::move(sessions)), max_events_(max_events)
{
}

boost::asio::awaitable<result<std::optional<plan_price>>> driver_plan_ledger::price(
    driver_plan_ptr plan, std::string session, date_time begin)
{
    const auto since = billing_month(begin, plan->plan.timezone).start;
    const auto lock = co_await turns_.take(fold_case(plan->plan.id));
    auto current = open(plan, since);
    auto caught_up = co_await catch_up(current);
    if (caught_up.has_error()) co_return caught_up.error();
    const auto lost = co_await has_lost(current);
    if (lost.has_error()) co_return lost.error();
    if (*lost) {
        current = open_anew(current);
        caught_up = co_await catch_up(current);
        if (caught_up.has_error()) co_return caught_up.error();
    }
    current->size = current->usage.size();
    forget_oldest();
    co_return current->usage.price(session);
}

/// All sessions that may have energy since the book begins.
metered_query driver_plan_ledger::query_of(const book& of)
{
    metered_query query;
    query.contracts = of.plan->plan.contract_ids;
    query.updated_since = date_time(of.since.instant() - max_clock_skew);
    return query;
}

/// Reads what has changed, page by page in the order of change.
boost::asio::awaitable<result<void>> driver_plan_ledger::catch_up(book_ptr current)
{
    auto query = query_of(*current);
    for (bool is_last = false; !is_last;) {
        query.changed_after = current->seen;
        const auto page = co_await sessions_->list(query);
        if (page.has_error()) co_return page.error();
        for (const auto& each : page->sessions) {
            current->usage.set(each.key, each.revision, each.events);
            current->seen = each.revision;
        }
        is_last = page->is_last_page;
    }
    co_return result<void>();
}

/// A session that is not of the plan's contracts any more, or that is gone, is on no list.
boost::asio::awaitable<result<bool>> driver_plan_ledger::has_lost(book_ptr current)
{
    auto query = query_of(*current);
    const auto there = co_await sessions_->count(std::move(query));
    if (there.has_error()) co_return there.error();
    co_return *there < current->usage.sessions();
}

/// The book of the plan, which is now the latest used; a new one when there is none that is of
/// this very state of the plan, with these contracts, and begins early enough.
driver_plan_ledger::book_ptr driver_plan_ledger::open(const driver_plan_ptr& plan, date_time since)
{
    const std::lock_guard lock(mutex_);
    const auto found = std::find_if(books_.begin(), books_.end(), [&](const book_ptr& each) {
        return equal_ignoring_case(each->plan->plan.id, plan->plan.id);
    });
    if (found != books_.end()) {
        const auto& known = *(*found)->plan;
        const bool fits = known.revision == plan->revision &&
                          known.plan.contract_ids == plan->plan.contract_ids &&
                          (*found)->since <= since;
        if (!fits) *found = std::make_shared<book>(plan, since);
        books_.splice(books_.begin(), books_, found);
    } else {
        books_.push_front(std::make_shared<book>(plan, since));
    }
    return books_.front();
}

/// An empty book in place of that one.
driver_plan_ledger::book_ptr driver_plan_ledger::open_anew(const book_ptr& current)
{
    auto emptied = std::make_shared<book>(current->plan, current->since);
    const std::lock_guard lock(mutex_);
    const auto found = std::find(books_.begin(), books_.end(), current);
    if (found != books_.end()) *found = emptied;
    return emptied;
}

/// But never the one that was used last, however large: else it would be read for each price.
void driver_plan_ledger::forget_oldest()
{
    const std::lock_guard lock(mutex_);
    if (books_.empty()) return;
    std::size_t events = books_.front()->size;
    const auto first_too_many =
        std::find_if(std::next(books_.begin()), books_.end(),
                     [&](const book_ptr& each) { return (events += each->size) > max_events_; });
    books_.erase(first_too_many, books_.end());
}

}  // namespace ocpi::driver_plans
