#pragma once

#include "ocpi/base/ci_string.hpp"
#include "ocpi/protocol/contract_id.hpp"

#include <optional>
#include <vector>

namespace ocpi::status {

/// The contracts (cdr_token.contract_id) whose sessions a reader may see; std::nullopt: all
/// sessions, also those without a contract.
using contract_filter = std::optional<std::vector<ci_string>>;

inline bool is_visible_to(const contract_filter& filter, const ci_string& contract)
{
    return !filter || has_contract(*filter, contract);
}

}  // namespace ocpi::status
