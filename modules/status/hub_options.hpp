#pragma once

#include <chrono>
#include <cstddef>

namespace ocpi::status {

/// How much an event_hub keeps, and how often it does what. What does not fit is read from the
/// store again when its reader has time for it: nobody loses a session's latest state.
struct hub_options {
    /// Between two signs of life on a stream without events; real time.
    std::chrono::milliseconds heartbeat = std::chrono::seconds(15);
    /// How often the store is asked for what other processes have written, and each stream whether
    /// its reader still counts; real time. Only while there are readers.
    std::chrono::milliseconds look_around = std::chrono::milliseconds(500);
    /// Events that wait for one reader.
    std::size_t max_pending = 256;
    /// How many changed sessions are read from the store at a time.
    std::size_t page = 100;
};

}  // namespace ocpi::status
