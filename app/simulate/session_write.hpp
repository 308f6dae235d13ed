#pragma once

#include "ocpi/base/date_time.hpp"

#include <cstdint>
#include <string>

namespace ocpi::app::simulate {

/// Why a write is sent.
enum class write_reason : std::uint8_t {
    progress,    ///< the session has begun, gone on or ended
    repetition,  ///< the same write again, as after a lost answer
    stale,       ///< an older PATCH again, out of date meanwhile
    repair,      ///< the whole Session, after a refusal
};

/// One PUT or PATCH of a session.
struct session_write {
    bool is_put = false;
    std::string body;
    date_time last_updated;
    write_reason reason = write_reason::progress;
    /// The server has a later state: OCPI lets it refuse this one, and it must not apply it.
    bool is_out_of_date = false;
};

}  // namespace ocpi::app::simulate
