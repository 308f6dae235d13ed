#pragma once

#include "ocpi/json/document.hpp"

#include <string_view>

/// The members that OCPI documents for a Session and its parts, and when two values of one say the
/// same [sessions, session object; cdrs, data types].
namespace ocpi::sessions {

/// True for the 18 fields of the Session object.
bool is_session_field(std::string_view name) noexcept;

/// True when the member says as much as an absent one: it is null, or an empty list of OCPI's (or
/// of `meter_value`).
bool is_unset(json::value member);

/// Which members of an object are compared.
enum class compared_members { documented, all };

/// True when two values of the member `name` of a Session say the same. At any depth an unset
/// member is as good as an absent one, and within the classes that OCPI documents another spelling
/// of a number or of a DateTime and another case of a CiString make no difference. A token type
/// that OCPI 2.2.1 has no word for is the same as OTHER, which a platform of that version is told
/// in its place (session_2_2_1.hpp).
bool means_the_same(std::string_view name, json::value a, json::value b, compared_members compared);

}  // namespace ocpi::sessions
