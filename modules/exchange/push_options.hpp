#pragma once

#include "ocpi/base/backoff.hpp"

#include <chrono>
#include <cstddef>
#include <optional>

namespace ocpi::exchange {

/// How sessions are pushed. All times are real time.
struct push_options {
    /// So many sessions of one partner are on their way at once.
    std::size_t max_in_flight = 8;
    /// Beyond so many changed sessions of one partner they are found by listing instead.
    std::size_t max_dirty = 10'000;
    /// For the texts that partners are known to have, from which a PATCH is made.
    std::size_t remembered_bytes = 16 * 1024 * 1024;
    /// So many sessions that partners have read are remembered, of all partners together: some
    /// 20 MB.
    std::size_t max_served = 100'000;
    /// How often the list of partners is read: another process may change it.
    std::chrono::milliseconds partner_poll{1'000};
    /// After a partner failed; any time up to these.
    backoff partner_backoff{std::chrono::seconds(1), std::chrono::minutes(5)};
    /// After a partner refused a session. The first time may have been a damaged message.
    backoff session_backoff{std::chrono::minutes(1), std::chrono::hours(1),
                            std::chrono::seconds(5)};
    /// After a hub did not reach the eMSP of a session.
    backoff unreached_backoff{std::chrono::seconds(5), std::chrono::minutes(5)};
    /// At least so long between two notes of how far a partner has everything.
    std::chrono::milliseconds progress_interval{5'000};
    /// How often to look for what other processes have written.
    std::chrono::milliseconds rescan_interval{60'000};
    /// How many sessions such a look reads at once; at least 2.
    std::size_t scan_page = 500;
    /// How long stop() waits for what is on its way.
    std::chrono::milliseconds stop_grace{5'000};
    /// For the jitter; nothing: another one each time.
    std::optional<unsigned> seed;
};

}  // namespace ocpi::exchange
