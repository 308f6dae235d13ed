#pragma once

#include "ocpi/base/ci_string.hpp"

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

}  // namespace ocpi
