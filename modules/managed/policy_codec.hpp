#pragma once

#include "modules/managed/policy.hpp"
#include "ocpi/base/error.hpp"
#include "ocpi/json/document.hpp"

#include <string>

namespace ocpi::managed {

/// Reads a policy: what a client sent to become the policy `id`, or what write_policy() wrote.
/// errc::invalid naming every bad field; a member that is not known is one, so that a misspelt
/// name does not pass for a rule that holds. Percentages, kWh and kW are 0 or from 0.000001 to
/// below 1000000. An `id` in the document must be the one given, but for case.
result<policy> read_policy(const json::document& sent, std::string id);

/// The policy as JSON, `id` included.
std::string write_policy(const policy& written);

}  // namespace ocpi::managed
