#pragma once

#include "http/call.hpp"
#include "ocpi/protocol/party.hpp"

#include <optional>
#include <vector>

/// Owner checks of a call: token, routing headers and URL must agree [transport and format, message
/// routing].
namespace ocpi::http {

/// True if the caller is our own operator.
bool is_from_operator(const call& call);

/// True if the caller may read and write objects received from that CPO: the CPO itself and our
/// operator. OCPI-from, when sent, must name that CPO.
bool acts_for_cpo(const call& call, const party& owner);

/// True if the caller is a hub that broadcasts objects of that CPO: OCPI-from names a party of the
/// caller in the role OTHER, and the CPO is behind that hub [transport and format, Broadcast Push].
bool is_broadcast_of_cpo(const call& call, const party& owner);

/// Filters parties by a routing header: the party it names, or all when it is absent.
std::vector<party> narrowed(std::vector<party> parties, const std::optional<party>& to);

}  // namespace ocpi::http
