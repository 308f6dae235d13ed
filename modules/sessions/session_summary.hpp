#pragma once

#include "crud/crud.hpp"
#include "ocpi/json/document.hpp"

#include <optional>
#include <string>
#include <string_view>

/// What sessions are searched and summed by (crud::summary).
namespace ocpi::sessions {

/// The categories: what can be told of a session when it is written.
inline constexpr std::string_view live_sessions = "live";
/// COMPLETED without its final reading.
inline constexpr std::string_view awaiting_sessions = "awaiting";
/// Settled (settlement.hpp).
inline constexpr std::string_view completed_sessions = "completed";
/// PENDING, and RESERVATION.
inline constexpr std::string_view pending_sessions = "pending";
inline constexpr std::string_view invalid_sessions = "invalid";

/// Of a stored Session, of which a PATCH may replace members, one that is COMPLETED as awaiting.
/// A kwh below 0 counts as 0; the cost is the CPO's total_cost after taxes, before them when it
/// names none. Both are rounded to six places.
crud::summary summarize(json::value session, std::optional<json::value> patch = std::nullopt);

/// A text as it is looked for: in the one case of all texts that differ in the case of ASCII
/// letters only.
std::string search_text_of(std::string_view text);

}  // namespace ocpi::sessions
