#pragma once

#include "modules/managed/policy.hpp"
#include "ocpi/base/error.hpp"
#include "ocpi/json/document.hpp"

#include <string>

namespace ocpi::managed {

/// Parses a policy: a client's body for the policy `id`, or the output of write_policy().
/// errc::invalid naming every bad field, unknown members included, so that a misspelt name is not
/// ignored. Percentages, kWh and kW are 0 or from 0.000001 to below 1000000. An `id` in the
/// document must equal the one given, ignoring case.
result<policy> read_policy(const json::document& sent, std::string id);

/// The policy as JSON, `id` included.
std::string write_policy(const policy& written);

}  // namespace ocpi::managed
