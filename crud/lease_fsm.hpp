#pragma once

#include "crud/lease_options.hpp"
#include "crud/leases.hpp"
#include "ocpi/base/boot_clock.hpp"
#include "ocpi/base/logger.hpp"

#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <variant>
#include <vector>

namespace ocpi::crud {

/// What the driver of a lease_fsm is to do. The functions by which actions are reported back are
/// named in their comments.
namespace lease_action {

/// Call leases::claim(): claimed() or claim_failed().
struct claim {
    std::vector<std::string> names;
};
/// Call leases::release(): released(), whatever came of it.
struct release {
    std::vector<held_lease> held;
};
/// Start the work of that name: work_ended().
struct begin {
    held_lease lease;
};
/// Ask the work of that name to end. `is_lost`: at once, for another process may do it already.
struct end {
    std::string name;
    bool is_lost = false;
};
/// A name that was withdrawn has no work and no lease any more.
struct forget {
    std::string name;
};
/// Leases can be claimed again, or have not been for some time.
struct report_reachable {
    bool is_reachable = true;
};
struct write_log {
    log_level level = log_level::info;
    std::string text;
};
/// Wait until that time, or until the machine is told something.
struct wait {
    boot_clock::time_point until;
};
/// All work has ended, and what was held is given back.
struct finish {};

using any =
    std::variant<claim, release, begin, end, forget, report_reachable, write_log, wait, finish>;

}  // namespace lease_action

/// Decides which leases a process claims, renews and gives back, and when their work begins and
/// ends. A value: it is told what happens, next() tells what to do, both by the given instants. It
/// does no I/O and knows no clock.
///
/// At most one call of the store is pending. The work of a name runs once at a time: when a lease
/// was lost, it is claimed again only after its work has ended. Not thread safe.
class lease_fsm {
public:
    using time_point = boot_clock::time_point;

    /// `is_always_held`: there are no leases, all work is this process's. `seed`: for the jitter.
    lease_fsm(const lease_times& times, bool is_always_held, unsigned seed);

    /// There is work of that name. No effect if there was already.
    void assign(const std::string& name);
    /// There is none any more: it ends, and the lease is given back.
    void withdraw(const std::string& name);
    /// Withdraws all, and then finishes.
    void stop();

    // Reports of actions and of what happens.

    /// `sent`: the instant before the claim was sent.
    void claimed(const std::vector<std::string>& names, const std::vector<held_lease>& held,
                 time_point sent);
    void claim_failed(const error& failure, time_point now);
    void released();
    void work_ended(const std::string& name, time_point now);
    /// A write was refused, because another process holds the lease.
    void lost(const held_lease& lease);

    /// What to do next. Call it again until it returns wait or finish.
    lease_action::any next(time_point now);

    /// Until when the work may go on; the past if it may not.
    time_point held_until(const std::string& name) const;
    /// All names with work, in order.
    std::vector<lease_state> states() const;

private:
    enum class work { none, running, ending };

    struct entry {
        lease_fsm::work work = work::none;
        bool is_wanted = false;
        /// As far as this process knows.
        std::optional<held_lease> lease;
        time_point held_until = time_point::min();
        time_point renew_at = time_point::min();
        /// Not to be claimed before: its work has ended by itself.
        time_point look_at = time_point::min();
        /// The work is that of an earlier epoch.
        bool is_work_outdated = false;
        /// The work was withdrawn; the name may have other work since.
        bool must_end = false;
    };

    void lose(entry& of, const std::string& cause);
    void give_up(entry& of);
    void extend(entry& of, const held_lease& lease, time_point sent);
    bool waits(const entry& of) const;
    std::optional<lease_action::any> next_of(const std::string& name, entry& of, time_point now);
    std::optional<lease_action::any> next_store_call(time_point now);
    lease_action::claim make_claim(time_point now);
    std::optional<time_point> look_due() const;
    std::optional<time_point> renewal_due() const;
    time_point wake_due() const;
    void log(log_level level, std::string text);

    const lease_times times_;
    const bool is_always_held_;
    std::minstd_rand random_;
    bool is_stopping_ = false;
    std::map<std::string, entry> entries_;
    /// To be given back, though there is no work of that name or no more of that epoch.
    std::vector<held_lease> surplus_;

    /// A call of the store is pending.
    bool is_store_busy_ = false;
    time_point next_look_ = time_point::min();
    /// The store has failed: no renewal before.
    time_point store_retry_at_ = time_point::min();
    std::optional<time_point> failing_since_;
    bool is_reachable_ = true;
    bool is_reachable_reported_ = true;
    std::deque<lease_action::write_log> log_;
};

}  // namespace ocpi::crud
