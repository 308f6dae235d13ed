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

/// How long after the last_updated of its session an event may be. The clock of a CPO may be
/// behind, but it does not tell of energy that flows months later.
inline constexpr std::chrono::days max_clock_skew{31};

/// A session as far as a plan is concerned.
struct metered_session {
    /// What tells it from all others; of the source's choice.
    std::string key;
    crud::revision revision = 0;
    /// As energy_curve wants them, and none later than max_clock_skew; none when the session does
    /// not count.
    std::vector<metering_event> events;
};

/// Which sessions a metered_sessions is asked for: those of these contracts whose last_updated is
/// not before that instant, and whose revision is greater than that.
struct metered_query {
    std::vector<ci_string> contracts;
    date_time updated_since;
    crud::revision changed_after = 0;
};

struct metered_page {
    /// In the order of change; one at least, unless it is the last page.
    std::vector<metered_session> sessions;
    bool is_last_page = true;
};

/// Where the sessions of contracts are found, as a port: a page of a list of changes
/// (Crud::list_changes), whose promises it keeps. Safe from any thread.
class metered_sessions {
public:
    virtual ~metered_sessions() = default;
    virtual boost::asio::awaitable<result<metered_page>> list(metered_query query) = 0;

    /// How many there are by now, whatever `changed_after` says.
    virtual boost::asio::awaitable<result<std::uint64_t>> count(metered_query query) = 0;
};

/// Prices sessions under driver plans, by all that is stored at that moment. What the sessions of
/// a plan have used is kept in memory: a price costs one list of what has changed since the last
/// one, by whatever process, and one count, which tells whether a session has left the plan. Safe
/// from any thread.
class driver_plan_ledger {
public:
    /// `max_events`: when more are kept in all, the plans that were asked for least lately are
    /// forgotten, and read again when they are asked for. The latest is kept, however large.
    explicit driver_plan_ledger(std::shared_ptr<metered_sessions> sessions,
                                std::size_t max_events = 2'000'000);

    /// The price under the plan of the session of that key, the first energy of which flowed at
    /// `begin` or later; nothing when it is not among the sessions of the plan's contracts.
    boost::asio::awaitable<result<std::optional<plan_price>>> price(driver_plan_ptr plan,
                                                                    std::string session,
                                                                    date_time begin);

private:
    /// What is known of a plan; touched only by who has the turn of its id, but for its plan and
    /// `since`, which stay as they are, and `size`.
    struct book {
        const driver_plan_ptr plan;
        /// All energy is known that flowed since.
        const date_time since;
        /// Whatever has no greater revision is known.
        crud::revision seen = 0;
        plan_usage usage;
        /// Of `usage`, for those who do not have the turn.
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
