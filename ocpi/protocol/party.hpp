#pragma once

#include "ocpi/base/ci_string.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace ocpi {

/// The roles of a party [OCPI types, Role]; 2.3.0 has no HUB.
enum class party_role { cpo, emsp, nap, nsp, other, scsp };

/// `CPO`, `EMSP`, … as in OCPI JSON.
std::string_view to_string(party_role role) noexcept;
std::optional<party_role> parse_party_role(std::string_view text) noexcept;

/// A party of the roaming network: a country code and an identifier within it. Compared
/// case-insensitively.
struct party {
    ci_string country_code;
    ci_string party_id;

    party() = default;
    party(std::string country, std::string identifier)
        : country_code(std::move(country)), party_id(std::move(identifier))
    {
    }

    friend bool operator==(const party&, const party&) noexcept = default;
};

/// `ES*ABC`.
std::string to_string(const party& value);

/// Reads `ES*ABC`: two and three printable characters around an asterisk.
std::optional<party> parse_party(std::string_view text);

/// A party in one of its roles: OCPI's CredentialsRole without business details.
struct credentials_role {
    party_role role = party_role::other;
    ocpi::party party;

    credentials_role() = default;
    credentials_role(party_role in_role, ocpi::party of) : role(in_role), party(std::move(of)) {}

    friend bool operator==(const credentials_role&, const credentials_role&) noexcept = default;
};

/// Reads `CPO:ES*ABC`.
std::optional<credentials_role> parse_credentials_role(std::string_view text);
std::string to_string(const credentials_role& value);

}  // namespace ocpi
