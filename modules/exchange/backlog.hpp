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

/// Why a session waits for another attempt.
struct refusal {
    /// The session itself is not at fault: its eMSP could not be reached behind a hub.
    bool is_passing = false;
    /// At least so long, also when the session changes meanwhile.
    std::optional<std::chrono::seconds> retry_after;
};

/// The sessions that a partner does not have as they are now: which of them to bring next, which
/// are on their way, which have to wait. It holds no messages: a session that changes ten times
/// stands in it once. Not thread safe.
class backlog {
public:
    using time_point = std::chrono::steady_clock::time_point;

    backlog(std::size_t most, backoff after_refusal, backoff after_passing_fault)
        : most_(most), after_refusal_(after_refusal), after_passing_fault_(after_passing_fault)
    {
    }

    /// The session is at that revision at least. It goes soon, unless it waits because the partner
    /// has refused that very revision, or has asked for a pause. False when there are too many;
    /// then all were dropped but those on their way.
    bool add(const crud::object_key& key, crud::revision at_least);

    /// The next one; from now on it is on its way.
    std::optional<crud::object_key> take(time_point now);

    // What became of one on its way.

    /// The partner has that revision. True when it is done with, false when it has changed
    /// meanwhile and goes again.
    bool settle(const std::string& name, crud::revision had);
    /// The partner does not take that revision. True when it waits for another attempt, false
    /// when it has changed meanwhile and goes again.
    bool refuse(const std::string& name, crud::revision tried, time_point now, refusal why = {});
    /// It could not be sent; others go first.
    void put_back(const std::string& name);
    /// Before that: how often it could not be sent while others could in between, this time
    /// included. `successes` is how many others were sent so far.
    unsigned count_failure(const std::string& name, std::uint64_t successes);
    /// It waits until then.
    void postpone(const std::string& name, time_point until);

    /// Drops all but those on their way.
    void clear();

    /// Has the partner refused it before?
    bool was_refused(const std::string& name) const;
    /// All that it has refused.
    std::vector<crud::object_key> refused() const;

    std::size_t size() const noexcept { return entries_.size(); }
    /// How many could be taken now.
    std::size_t ready() const noexcept { return queue_.size(); }
    /// When the first of those that wait may be taken.
    std::optional<time_point> next_due() const;

private:
    enum class state { ready, on_its_way, waiting };

    struct entry {
        crud::object_key key;
        backlog::state state = state::ready;
        crud::revision wanted = 0;
        crud::revision refused = 0;
        time_point due;  ///< while waiting
        std::optional<time_point> not_before;
        unsigned refusals = 0;
        unsigned failures = 0;
        std::optional<std::uint64_t> failed_at;

        explicit entry(crud::object_key of) : key(std::move(of)) {}
    };

    void make_ready(const std::string& name, entry& of);
    /// As soon as the partner allows it.
    void make_next(const std::string& name, entry& of);
    void make_wait(const std::string& name, entry& of, time_point until);

    std::size_t most_;
    backoff after_refusal_;
    backoff after_passing_fault_;
    std::unordered_map<std::string, entry> entries_;
    std::deque<std::string> queue_;  // of those that are ready
    std::set<std::pair<time_point, std::string>> waiting_;
};

}  // namespace ocpi::exchange
