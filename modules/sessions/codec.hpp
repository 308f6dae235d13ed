#pragma once

#include "auth/principal.hpp"
#include "crud/object_key.hpp"
#include "modules/sessions/session.hpp"
#include "ocpi/json/document.hpp"
#include "ocpi/json/field_reader.hpp"
#include "ocpi/protocol/version.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ocpi::sessions {

/// The kind of a body.
enum class body_kind {
    whole,     ///< a PUT: required fields are present
    fragment,  ///< a PATCH: any field but last_updated may be absent
};

/// Strictness of validation: the caller's profile (docs/sessions.md).
using strictness = auth::profile;

/// A parsed body: the text to store and its typed fields.
struct parsed_session {
    json::document document;
    sessions::session fields;
    /// Tolerated deviations, for the answer to the client.
    std::vector<std::string> tolerated;
};

/// How DateTimes are read for that profile: those of tolerant callers are converted to OCPI's form.
constexpr json::leniency leniency_of(strictness strict) noexcept
{
    return strict == strictness::tolerant ? json::converted_timestamps : json::leniency{};
}

/// Parses and validates a Session or a PATCH sent to the address `addressed`: owner and id in the
/// body must match it. Unusual but legal values pass. errc::unreadable when the text is not JSON;
/// errc::invalid naming every bad field. In the result's document DateTimes have OCPI's normal
/// form, a tolerated `RESERVED` becomes `RESERVATION`, a total_cost of version 2.2.1 becomes that
/// of 2.3.0 (session_2_2_1.hpp); the rest is unchanged. DateTimes are read by the profile, unless
/// `timestamps` is given: json::converted_timestamps accepts any sender's.
result<parsed_session> read_session(std::string_view body, body_kind kind, strictness strict,
                                    const crud::object_key& addressed,
                                    protocol::version version = protocol::version::v2_3_0,
                                    std::optional<json::leniency> timestamps = std::nullopt);

/// The fields of a stored Session needed to validate a write: kwh, cdr_token, status and
/// last_updated. The others are left out.
session read_stored_head(const json::document& stored);

/// Validates a Session as a PUT by a strict partner; its fields are in `object`.
void check_session(json::value object, const std::string& pointer, json::diagnostics& findings);

}  // namespace ocpi::sessions
