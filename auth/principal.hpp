#pragma once

#include "ocpi/base/ci_string.hpp"
#include "ocpi/protocol/party.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ocpi::auth {

/// The caller: another OCPI platform, a person or backend of our own, or a driver's app.
enum class caller_kind { partner, platform_operator, driver };

/// `partner`, `operator`, `driver`: as shown and as stored.
std::string_view to_string(caller_kind kind) noexcept;
std::optional<caller_kind> parse_caller_kind(std::string_view text) noexcept;

/// How strictly a caller's objects are validated. Strict follows the specification; tolerant
/// accepts a named set of deviations and lists those met in the answer (docs/sessions.md).
enum class profile { strict, tolerant };

/// `strict`, `tolerant`.
std::string_view to_string(profile strictness) noexcept;
std::optional<profile> parse_profile(std::string_view text) noexcept;

/// CREDENTIALS_TOKEN_A grants access to versions and credentials only and ends with the
/// registration; CREDENTIALS_TOKEN_C (and every token that was not part of a handshake) grants
/// access to the rest [OCPI credentials, registration].
enum class token_kind { registration, credentials };

/// An authenticated caller and its rights.
struct principal {
    caller_kind kind = caller_kind::partner;
    /// The unique name of the token, used in logs.
    std::string name;
    /// A partner's parties and roles, or those it may claim when it registers; empty for operators
    /// and drivers.
    std::vector<credentials_role> roles;
    /// A driver's contract ids (CdrToken.contract_id); empty for the others.
    std::vector<ci_string> contracts;
    auth::profile profile = auth::profile::strict;
    auth::token_kind token_kind = auth::token_kind::credentials;
    /// For a partner not yet registered: its URLs may be plain http and lead to private addresses.
    bool is_trusted = false;
    /// SHA-256 of the caller's token (hash_token); empty when the identity system does not provide
    /// it.
    std::string token_hash;
};

/// The caller's parties in the given role.
std::vector<party> parties_in_role(const principal& caller, party_role role);

/// True if the caller has that role for that party.
bool has_role(const principal& caller, const credentials_role& wanted);

}  // namespace ocpi::auth
