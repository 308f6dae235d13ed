#pragma once

#include "ocpi/base/date_time.hpp"
#include "ocpi/json/document.hpp"

#include <optional>

namespace ocpi::sessions {

/// When a stored Session settled, which is when it is COMPLETED and its last reading is there
/// (is_final): its end_date_time, else when that reading was taken. Nothing for any other. Quick
/// for a Session that is not COMPLETED.
std::optional<date_time> settled_at(const json::document& stored);

}  // namespace ocpi::sessions
