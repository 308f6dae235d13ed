#pragma once

#include "ocpi/base/ci_string.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Comparison of contract ids (eMAIDs, CdrToken.contract_id): ignores case and the optional
/// separator `-`. `NLTNMC12345678X` equals `NL-TNM-C12345678-X`. They are stored and shown as
/// received.
namespace ocpi {

/// The canonical form: upper case, without `-`. An id of only separators keeps them.
ci_string contract_key(const ci_string& id);
std::vector<ci_string> contract_keys(const std::vector<ci_string>& ids);

bool is_same_contract(const ci_string& a, const ci_string& b) noexcept;

/// True if the contract is one of these, in any spelling.
bool has_contract(const std::vector<ci_string>& ids, const ci_string& contract) noexcept;

/// The contracts whose sessions a caller may see, as contract_key() writes them; std::nullopt: all
/// sessions, those without a contract included.
using contract_scope = std::optional<std::vector<ci_string>>;

/// True when the scope has that contract; a session without one is in the unlimited scope alone.
bool is_in_scope(const contract_scope& scope, const ci_string& contract) noexcept;
bool is_in_scope(const contract_scope& scope, const std::optional<ci_string>& contract) noexcept;

/// For logs: `ES8ABC…56` of `ES8ABC123456`. A short one is hidden all but its beginning.
std::string shorten_contract_id(std::string_view id);

}  // namespace ocpi
