#pragma once

#include "ocpi/json/document.hpp"

#include <string_view>

/// The members that OCPI documents for a Session and its parts, and the equality of their values
/// [sessions, session object; cdrs, data types].
namespace ocpi::sessions {

/// True for the 18 fields of the Session object.
bool is_session_field(std::string_view name) noexcept;

/// True if the member is equivalent to an absent one: null, or an empty list of OCPI's (or of
/// `meter_value`).
bool is_unset(json::value member);

/// Which members of an object are compared.
enum class compared_members { documented, all };

/// True if two values of the member `name` of a Session are equivalent. At any depth an unset
/// member equals an absent one; within classes documented by OCPI the spelling of numbers and
/// DateTimes and the case of CiStrings are ignored. A token type unknown to OCPI 2.2.1 equals
/// OTHER, which platforms of that version receive instead (session_2_2_1.hpp).
bool means_the_same(std::string_view name, json::value a, json::value b, compared_members compared);

}  // namespace ocpi::sessions
