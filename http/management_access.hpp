#pragma once

#include "auth/principal.hpp"
#include "ocpi/base/error.hpp"
#include "ocpi/protocol/contract_id.hpp"

#include <optional>
#include <vector>

/// Access rights under /v1: operators have full access, a driver's app has access to its contracts.
namespace ocpi::http {

inline bool is_operator(const auth::principal& caller)
{
    return caller.kind == auth::caller_kind::platform_operator;
}

/// True if a driver's app acts for that contract.
inline bool has_contract(const auth::principal& caller, const ci_string& contract)
{
    return ocpi::has_contract(caller.contracts, contract);
}

/// The operator sees all sessions, a driver's app those of its contracts.
inline contract_scope visible_contracts(const auth::principal& caller)
{
    if (is_operator(caller)) return std::nullopt;
    return contract_keys(caller.contracts);
}

/// The answer for objects that do not exist or that the caller may not see.
inline error not_found()
{
    return error(errc::not_found, "there is nothing at this path");
}

}  // namespace ocpi::http
