#pragma once

#include "crud/crud.hpp"
#include "modules/driver_plans/driver_plan_store.hpp"
#include "modules/driver_plans/driver_plan_usage.hpp"
#include "ocpi/base/error.hpp"
#include "ocpi/base/keyed_mutex.hpp"

#include <boost/asio/awaitable.hpp>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace ocpi::driver_plans {

/// Maximum time of an event after the last_updated of its session. A CPO's clock may be behind, but
/// it does not report energy months ahead.
inline constexpr std::chrono::days max_clock_skew{31};

/// The parts of a session that a plan needs.
struct metered_session {
    /// Unique key, chosen by the source.
    std::string key;
    crud::revision revision = 0;
    /// As required by energy_curve, none later than max_clock_skew; empty for a session that is not
    /// counted.
    std::vector<metering_event> events;
};

/// Selects the sessions of these contracts with last_updated at or after that instant and a greater
/// revision.
struct metered_query {
    std::vector<ci_string> contracts;
    date_time updated_since;
    crud::revision changed_after = 0;
};

struct metered_page {
    /// In order of revision; at least one, except on the last page.
    std::vector<metered_session> sessions;
    bool is_last_page = true;
};

/// Where the sessions of contracts are found, as a port: a page of a list of changes
/// (Crud::list_changes), whose promises it keeps. Safe from any thread.
class metered_sessions {
public:
    virtual ~metered_sessions() = default;
    virtual boost::asio::awaitable<result<metered_page>> list(metered_query query) = 0;

    /// The current number of sessions, regardless of `changed_after`.
    virtual boost::asio::awaitable<result<std::uint64_t>> count(metered_query query) = 0;
};

/// Prices sessions under driver plans from the current state of the store. The usage of a plan's
/// sessions is cached: a price costs one list of the changes since the last one, by any process,
/// and one count, which shows whether a session has left the plan. Safe from any thread.
class driver_plan_ledger {
public:
    /// `max_events`: above this total the least recently used plans are evicted, and read again on
    /// demand. The latest is kept, however large.
    explicit driver_plan_ledger(std::shared_ptr<metered_sessions> sessions,
                                std::size_t max_events = 2'000'000);

    /// The price under the plan of the session of that key, whose first energy flowed at `begin` or
    /// later; std::nullopt when it is not a session of the plan's contracts.
    boost::asio::awaitable<result<std::optional<plan_price>>> price(driver_plan_ptr plan,
                                                                    std::string session,
                                                                    date_time begin);

private:
    /// Cached state of a plan; accessed only with the turn of its id, except its constant plan and
    /// `since`, and `size`.
    struct book {
        const driver_plan_ptr plan;
        /// All energy since then is known.
        const date_time since;
        /// All changes up to this revision are known.
        crud::revision seen = 0;
        plan_usage usage;
        /// Size of `usage`, readable without the turn.
        std::atomic<std::size_t> size = 0;

        book(driver_plan_ptr of, date_time from)
            : plan(std::move(of)), since(from), usage(plan->plan)
        {
        }
    };
    using book_ptr = std::shared_ptr<book>;

    static metered_query query_of(const book& of);
    boost::asio::awaitable<result<void>> catch_up(book_ptr current);
    boost::asio::awaitable<result<bool>> has_lost(book_ptr current);
    book_ptr open(const driver_plan_ptr& plan, date_time since);
    book_ptr open_anew(const book_ptr& current);
    void forget_oldest();

    std::shared_ptr<metered_sessions> sessions_;
    std::size_t max_events_;
    keyed_mutex turns_;

    std::mutex mutex_;
    std::list<book_ptr> books_;  // the latest used first; guarded by mutex_
};

}  // namespace ocpi::driver_plans
