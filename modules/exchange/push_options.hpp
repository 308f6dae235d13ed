#pragma once

#include "ocpi/base/backoff.hpp"

#include <chrono>
#include <cstddef>
#include <optional>

namespace ocpi::exchange {

/// How sessions are pushed. All times are real time.
struct push_options {
    /// Messages in flight to one partner.
    std::size_t max_in_flight = 8;
    /// Messages that one partner has acknowledged and whose acknowledgements are not stored yet. A
    /// crash makes the partner receive these again.
    std::size_t max_unstored = 64;
    /// Sessions that a partner has rejected, and that are sent to it again from time to time. What
    /// is beyond is found again in the store after session_backoff.max.
    std::size_t max_rejected = 1'000;
    /// Memory for acknowledged sessions, from which a PATCH is made, of all partners together.
    std::size_t remembered_bytes = 16 * 1024 * 1024;
    /// Sessions remembered because partners have read them, of all partners together: about 20 MB.
    std::size_t max_served = 100'000;
    /// Changes of which the trace is remembered, for the messages that they cause: about 1 MB.
    std::size_t max_traces = 10'000;
    /// How often the list of partners is read, which another process may have changed.
    std::chrono::milliseconds partner_poll{500};
    /// Upper bounds of the random wait after a partner failed.
    backoff partner_backoff{std::chrono::seconds(1), std::chrono::minutes(5)};
    /// After a partner rejected a session. The first time may have been a damaged message.
    backoff session_backoff{std::chrono::minutes(1), std::chrono::hours(1),
                            std::chrono::seconds(5)};
    /// After a hub did not reach the eMSP of a session.
    backoff unreached_backoff{std::chrono::seconds(5), std::chrono::minutes(5)};
    /// Minimum time between two writes of a partner's progress.
    std::chrono::milliseconds progress_interval{5'000};
    /// How often the store is read for changes that other processes have written.
    std::chrono::milliseconds poll_interval{60'000};
    /// Changes read from the store at once. More are read when fewer than that many sessions are
    /// ready to be sent.
    std::size_t page_size = 500;
    /// How long stop() waits for messages in flight.
    std::chrono::milliseconds stop_grace{5'000};
    /// For the jitter of waits; std::nullopt: a random seed.
    std::optional<unsigned> seed;
};

}  // namespace ocpi::exchange
