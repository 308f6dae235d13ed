#pragma once

#include "auth/principal.hpp"
#include "modules/sessions/session.hpp"
#include "ocpi/json/document.hpp"
#include "ocpi/json/field_reader.hpp"
#include "ocpi/protocol/version.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ocpi::sessions {

/// What a body is meant to be.
enum class body_kind {
    whole,     ///< a PUT: required fields are there
    fragment,  ///< a PATCH: any field may be left out, last_updated may not
};

/// How strictly a body is read: the profile of the caller (docs/sessions.md).
using strictness = auth::profile;

/// A body that was read: its text as it is to be stored, and its typed fields.
struct parsed_session {
    json::document document;
    sessions::session fields;
    /// What was tolerated, for the answer to the client.
    std::vector<std::string> tolerated;
};

/// How the DateTimes of a caller of that profile are read: a tolerant one's are converted to the
/// form of OCPI.
constexpr json::leniency leniency_of(strictness strict) noexcept
{
    return strict == strictness::tolerant ? json::converted_timestamps : json::leniency{};
}

/// Reads and checks a Session or a part of one that was sent to the address `addressed`: where
/// the body names the owner or the id, it must name the same. What is legal by type passes, odd or
/// not. errc::unreadable when the text is no JSON; errc::invalid naming every bad field. In the
/// result's document DateTimes have OCPI's normal form, a tolerated `RESERVED` has become
/// `RESERVATION`, a total_cost of version 2.2.1 that of 2.3.0 (session_2_2_1.hpp); everything else
/// stands as it was sent. DateTimes are read as the profile says, unless `timestamps` says
/// otherwise: json::converted_timestamps takes those of any sender.
result<parsed_session> read_session(std::string_view body, body_kind kind, strictness strict,
                                    const session_key& addressed,
                                    protocol::version spoken = protocol::version::v2_3_0,
                                    std::optional<json::leniency> timestamps = std::nullopt);

/// The fields of a Session that was accepted before by which a write to it is judged: kwh,
/// cdr_token, status and last_updated. The others are left out.
session read_stored_head(const json::document& stored);

/// Judges a Session as if it were PUT by a strict partner; its fields in `object`.
void check_session(json::value object, const std::string& pointer, json::report& findings);

}  // namespace ocpi::sessions
