#pragma once

#include "auth/principal.hpp"
#include "crud/object_key.hpp"
#include "modules/tariffs/tariff.hpp"
#include "ocpi/base/ci_string.hpp"
#include "ocpi/base/error.hpp"
#include "ocpi/json/document.hpp"
#include "ocpi/protocol/party.hpp"
#include "ocpi/protocol/version.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ocpi::tariffs {

/// Strictness of validation: the caller's profile (docs/tariffs.md).
using strictness = auth::profile;

/// A parsed body: the text to store and its typed fields.
struct parsed_tariff {
    json::document document;
    tariff fields;
    /// Tolerated deviations, for the answer to the client.
    std::vector<std::string> tolerated;
};

/// Parses and validates a Tariff of a version, from any source: every field of the specification is
/// checked by type and length, unknown ones are not; unusual but legal values pass. errc::invalid
/// naming every bad field.
result<tariff> read_tariff(const json::document& document,
                           protocol::version version = protocol::version::v2_3_0);

/// Parses and validates a Tariff sent to the address `addressed`: owner and id in the body must
/// match it. errc::unreadable when the text is not JSON; errc::invalid naming every bad field. In
/// the result's document DateTimes have OCPI's normal form, members of version 2.2.1 are converted
/// to 2.3.0 (tariff_2_2_1.hpp); the rest is unchanged.
result<parsed_tariff> read_sent_tariff(std::string_view body, strictness strict,
                                       const crud::object_key& addressed,
                                       protocol::version version = protocol::version::v2_3_0);

}  // namespace ocpi::tariffs
