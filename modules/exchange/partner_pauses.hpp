#pragma once

#include <chrono>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace ocpi::exchange {

/// Pauses requested by partners; their names are case-insensitive. Safe from any thread.
class partner_pauses {
public:
    using clock = std::chrono::steady_clock;

    /// The latest request replaces earlier ones.
    void note(std::string_view partner, clock::duration pause, clock::time_point now);

    /// The rest of the partner's pause; std::nullopt when over or never requested.
    std::optional<std::chrono::milliseconds> find(std::string_view partner, clock::time_point now);

private:
    std::mutex mutex_;
    std::map<std::string, clock::time_point> ends_;  // guarded by mutex_
};

}  // namespace ocpi::exchange
