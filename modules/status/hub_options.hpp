#pragma once

#include <chrono>
#include <cstddef>

namespace ocpi::status {

/// Limits and intervals of an event_hub. Events beyond a limit are read from the store again when
/// their reader is ready: no reader loses a session's latest state.
struct hub_options {
    /// Interval between heartbeats on a stream without events; real time.
    std::chrono::milliseconds heartbeat = std::chrono::seconds(15);
    /// Interval for checking each reader's credentials, and until a store that has failed is read
    /// again; real time. Only while there are readers.
    std::chrono::milliseconds stream_poll = std::chrono::milliseconds(500);
    /// Maximum events queued for one reader.
    std::size_t max_pending = 256;
    /// Maximum bytes of the events queued for all readers; beyond it none is queued for a reader
    /// behind an earlier one. An event shared by readers counts once.
    std::size_t max_pending_bytes = 64 * 1024 * 1024;
    /// Number of changed sessions read from the store at a time.
    std::size_t page = 100;
};

}  // namespace ocpi::status
