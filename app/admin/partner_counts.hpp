#pragma once

#include "modules/exchange/exchange_observer.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace ocpi::app {

/// Counts what is exchanged with each partner. Safe from any thread: its lock is taken once for
/// each message to a partner, not by the requests that we answer.
class partner_counts final : public exchange::exchange_observer {
public:
    struct counts {
        /// PUT and PATCH messages, by exchange::message_outcome.
        std::array<std::uint64_t, 3> deliveries{};
        /// Sums of all pages.
        exchange::pull_summary pulled;
        /// The end of the last complete run; std::nullopt: none since the start.
        std::optional<std::chrono::system_clock::time_point> complete_pull;
    };

    /// Of that partner; zeros when there is none.
    counts of(const std::string& partner) const;

    void on_push(std::string_view partner, std::string_view method,
                 exchange::message_outcome outcome,
                 std::chrono::steady_clock::duration) noexcept override;
    void on_pull(std::string_view partner, const exchange::pull_summary& page) noexcept override;
    void on_pull_end(std::string_view partner, bool is_complete) noexcept override;

private:
    /// Applies `change` to the counts of the partner.
    template <class Change>
    void update(std::string_view partner, Change change) noexcept;

    mutable std::mutex mutex_;
    std::map<std::string, counts, std::less<>> partners_;  // guarded by mutex_
};

}  // namespace ocpi::app
