#pragma once

#include "modules/sessions/exchange/backoff.hpp"
#include "modules/sessions/session.hpp"

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

namespace ocpi::sessions::exchange {

/// The sessions that a partner does not have as they are now: which of them to bring next, which
/// are on their way, which have to wait. It holds no messages: a session that changes ten times
/// stands in it once. Not thread safe.
class backlog {
public:
    using time_point = std::chrono::steady_clock::time_point;

    backlog(std::size_t most, backoff after_refusal) : most_(most), after_refusal_(after_refusal) {}

    enum class reason {
        changed,  ///< goes next even if it was refused before
        found,    ///< goes next unless it waits
    };

    /// False when there are too many; then all were dropped but those on their way.
    bool add(const session_key& key, reason why);

    /// The next one; from now on it is on its way.
    std::optional<session_key> take(time_point now);

    // What became of one on its way. If it has changed meanwhile it goes again.

    /// The partner has it. True when it is done with.
    bool settle(const std::string& name);
    /// The partner does not take it as it is. True when it waits for another attempt, false when
    /// it goes again at once.
    bool refuse(const std::string& name, time_point now);
    /// It could not be sent; another goes first. `successes` is how many others were sent so far.
    /// Returns how often it has failed while others did not in between.
    unsigned fail(const std::string& name, std::uint64_t successes);
    /// It waits until then.
    void postpone(const std::string& name, time_point until);

    /// Drops all but those on their way.
    void clear();

    /// Has the partner refused it before?
    bool was_refused(const std::string& name) const;
    /// All that it has refused.
    std::vector<session_key> refused() const;

    std::size_t size() const noexcept { return entries_.size(); }
    /// How many could be taken now.
    std::size_t ready() const noexcept { return queue_.size(); }
    /// When the first of those that wait may be taken.
    std::optional<time_point> next_due() const;

private:
    enum class state { ready, on_its_way, waiting };

    struct entry {
        session_key key;
        backlog::state state = state::ready;
        bool has_changed = false;  ///< while on its way
        time_point due;            ///< while waiting
        unsigned refusals = 0;
        unsigned failures = 0;
        std::optional<std::uint64_t> failed_at;

        explicit entry(session_key of) : key(std::move(of)) {}
    };

    void make_ready(const std::string& name, entry& of);
    void make_wait(const std::string& name, entry& of, time_point until);
    void stop_waiting(const std::string& name, const entry& of);

    std::size_t most_;
    backoff after_refusal_;
    std::unordered_map<std::string, entry> entries_;
    std::deque<std::string> queue_;  // of those that are ready
    std::set<std::pair<time_point, std::string>> waiting_;
};

}  // namespace ocpi::sessions::exchange
