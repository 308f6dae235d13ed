#pragma once

#include "crud/crud.hpp"
#include "modules/sessions/session.hpp"
#include "ocpi/base/backoff.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace ocpi::exchange {

/// Why a partner did not accept a session.
struct rejection {
    /// The session itself is not at fault: its eMSP could not be reached behind a hub.
    bool is_temporary = false;
    /// The partner's Retry-After. Not shortened when the session changes in the meantime.
    std::optional<std::chrono::seconds> retry_after;
};

/// The sessions that a partner does not hold in their latest state. Contains no messages: a session
/// that changes ten times is one entry. Sessions are named by their folded keys. Decides by the
/// given instants, without side effects. Not thread safe.
class send_queue {
public:
    using time_point = std::chrono::steady_clock::time_point;

    struct message {
        crud::object_key key;
        /// The partner lacks this revision, or a later one.
        crud::revision at_least = 0;
        /// How many times the session was taken before, since it was acknowledged last.
        unsigned attempts = 0;
    };

    /// Keeps at most `max_rejected` rejected sessions.
    send_queue(std::size_t max_rejected, backoff after_rejection, backoff after_temporary_fault)
        : max_rejected_(max_rejected),
          after_rejection_(after_rejection),
          after_temporary_fault_(after_temporary_fault)
    {
    }

    /// The session has changed at that revision, which the partner lacks since then. It becomes
    /// ready, unless it waits because the partner has rejected that revision or requested a pause.
    void add(const crud::object_key& key, crud::revision changed_at, time_point since = {});
    /// The partner has rejected the session in an earlier run of the process. It becomes ready.
    void add_rejected(const crud::object_key& key);

    /// Takes the next ready session; it is in flight from now on. std::nullopt: none is ready.
    std::optional<message> take(time_point now);

    // The functions below end the flight of a session.

    /// The partner has acknowledged that revision. A session that has changed since is ready again.
    void acknowledge(const std::string& name, crud::revision revision);
    /// The partner has rejected that revision. A session that has changed since is ready again.
    /// False if the session was dropped because there are too many rejected ones.
    bool reject(const std::string& name, crud::revision tried, time_point now, rejection why = {});
    /// It was not sent, and is ready behind the others.
    void put_back(const std::string& name);
    /// It is ready again at that time.
    void postpone(const std::string& name, time_point until);
    /// Call before put_back(): how many times the session could not be sent while others could,
    /// this time included. `successes`: the number of messages acknowledged so far.
    unsigned count_failure(const std::string& name, std::uint64_t successes);

    bool is_rejected(const std::string& name) const;
    std::vector<crud::object_key> rejected() const;
    /// Grows whenever the set of rejected sessions changes.
    std::uint64_t rejected_version() const noexcept { return rejected_version_; }
    /// The smallest revision at which one of the sessions that are not rejected has changed.
    std::optional<crud::revision> first_unacknowledged() const;

    /// Since when the partner lacks it.
    std::optional<time_point> lacking_since() const;

    std::size_t size() const noexcept { return entries_.size(); }
    std::size_t rejected_count() const noexcept { return rejected_count_; }
    std::size_t ready() const noexcept { return ready_.size(); }
    /// When the first of those that wait becomes ready.
    std::optional<time_point> next_due() const;

private:
    enum class state {
        ready,      ///< will be sent when it is its turn
        in_flight,  ///< taken; its message is not answered
        waiting,    ///< becomes ready at `due`, or when the session changes
    };

    struct entry {
        crud::object_key key;
        send_queue::state state = state::ready;
        /// The partner lacks the changes from `first` to `latest`.
        crud::revision first = 0;
        crud::revision latest = 0;
        time_point first_since;
        time_point latest_since;
        bool is_rejected = false;
        crud::revision rejected_revision = 0;
        unsigned rejections = 0;
        /// End of the pause that the partner has requested for this session.
        std::optional<time_point> not_before;
        time_point due;
        unsigned attempts = 0;
        unsigned failures = 0;
        std::optional<std::uint64_t> successes_at_failure;

        explicit entry(crud::object_key of) : key(std::move(of)) {}
    };

    void make_ready(const std::string& name, entry& of);
    void make_ready_when_allowed(const std::string& name, entry& of);
    void make_waiting(const std::string& name, entry& of, time_point until);
    void set_first(const std::string& name, entry& of, crud::revision first);
    void set_rejected(const std::string& name, entry& of, bool is_rejected);
    void erase(const std::string& name, entry& of);

    std::size_t max_rejected_;
    backoff after_rejection_;
    backoff after_temporary_fault_;
    std::unordered_map<std::string, entry> entries_;
    std::deque<std::string> ready_;
    std::set<std::pair<time_point, std::string>> waiting_;
    /// `first` of each entry that is not rejected.
    std::set<std::pair<crud::revision, std::string>> unacknowledged_;
    std::size_t rejected_count_ = 0;
    std::uint64_t rejected_version_ = 0;
};

}  // namespace ocpi::exchange
