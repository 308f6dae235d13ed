#pragma once

#include "auth/principal.hpp"
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

/// What identifies a Tariff: the CPO and the id within its platform.
struct tariff_key {
    ci_string country_code;
    ci_string party_id;
    ci_string id;

    tariff_key() = default;
    tariff_key(std::string country, std::string of_party, std::string identifier)
        : country_code(std::move(country)), party_id(std::move(of_party)), id(std::move(identifier))
    {
    }

    /// The CPO.
    party owner() const { return party(country_code.str(), party_id.str()); }

    /// The key as one text, the same for every spelling.
    std::string folded() const
    {
        return country_code.folded() + '/' + party_id.folded() + '/' + id.folded();
    }
};

/// How strictly a body is read: the profile of the caller (docs/tariffs.md).
using strictness = auth::profile;

/// A body that was read: its text as it is to be stored, and its typed fields.
struct parsed_tariff {
    json::document document;
    tariff fields;
    /// What was tolerated, for the answer to the client.
    std::vector<std::string> tolerated;
};

/// Reads and checks a whole Tariff in the words of a version, wherever it comes from: every field
/// that the specification names is judged by its type and length, unknown ones are not; what is
/// legal by type passes, odd or not. errc::invalid naming every bad field.
result<tariff> read_tariff(const json::document& document,
                           protocol::version spoken = protocol::version::v2_3_0);

/// Reads and checks a Tariff that was sent to the address `addressed`: the owner and the id in
/// the body must be the same. errc::unreadable when the text is no JSON; errc::invalid naming
/// every bad field. In the result's document DateTimes have OCPI's normal form, and what was sent
/// in the words of version 2.2.1 stands in those of 2.3.0 (tariff_2_2_1.hpp); everything else
/// stands as it was sent.
result<parsed_tariff> read_sent_tariff(std::string_view body, strictness strict,
                                       const tariff_key& addressed,
                                       protocol::version spoken = protocol::version::v2_3_0);

}  // namespace ocpi::tariffs
