#pragma once

#include <chrono>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace ocpi::exchange {

/// Until when partners have asked not to be called; their names in any case of letters. Safe from
/// any thread.
class partner_pauses {
public:
    using clock = std::chrono::steady_clock;

    /// The partner's latest word counts.
    void note(std::string_view partner, clock::duration pause, clock::time_point now);

    /// What is left of the partner's pause; std::nullopt when it is over or was never asked for.
    std::optional<std::chrono::milliseconds> find(std::string_view partner, clock::time_point now);

private:
    std::mutex mutex_;
    std::map<std::string, clock::time_point> ends_;  // guarded by mutex_
};

}  // namespace ocpi::exchange
