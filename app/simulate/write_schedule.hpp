#pragma once

#include "app/simulate/random_source.hpp"
#include "app/simulate/session_document.hpp"
#include "app/simulate/session_write.hpp"

#include <cstdint>
#include <deque>
#include <optional>
#include <utility>
#include <vector>

namespace ocpi::app::simulate {

/// How the writes of one session reach the server.
enum class delivery : std::uint8_t {
    prompt,
    late,       ///< some come up to 20 minutes late, in order
    repeated,   ///< some come twice
    reordered,  ///< some come after the next one: refused as out of date, then repaired by a PUT
    stale,      ///< an older PATCH comes again now and then
};

/// A period in which the whole platform sends nothing; what is due comes at its end.
struct outage {
    date_time begin;
    date_time end;
};

/// When the writes of one session are sent, and in which order. Pure; driven by instants.
class write_schedule {
public:
    write_schedule(delivery manner, std::optional<outage> pause, random_source random)
        : manner_(manner), pause_(pause), random_(random)
    {
    }

    /// Takes a write that the session has made at `now`, and the Session as it is then, for the
    /// repair after a refusal.
    void add(session_write made, const session_document& state, date_time now);

    /// When the next write is due; std::nullopt: none is.
    std::optional<date_time> next() const;

    /// The writes due by then, in order.
    std::vector<session_write> take(date_time now);

    /// Makes everything due at `now`, also what was held back.
    void flush(date_time now);

    /// Drops what is not sent yet.
    void clear();

private:
    void push(session_write made, date_time due);
    void release_held(const session_document& state, date_time due);

    const delivery manner_;
    const std::optional<outage> pause_;
    random_source random_;
    std::deque<std::pair<date_time, session_write>> queue_;
    date_time last_due_;
    /// Of the write that was sent last.
    date_time sent_last_updated_;
    /// To be sent after the next one.
    std::optional<session_write> held_;
    std::optional<session_write> previous_patch_;
};

}  // namespace ocpi::app::simulate
