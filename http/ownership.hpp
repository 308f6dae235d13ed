#pragma once

#include "http/call.hpp"
#include "ocpi/protocol/party.hpp"

#include <optional>
#include <vector>

/// Whose objects a call is about: token, routing headers and URL must agree [transport and
/// format, message routing].
namespace ocpi::http {

/// True when the call comes from our own operator.
bool is_from_operator(const call& call);

/// True when the caller may read and write what is received from that CPO: the CPO itself, and our
/// operator. When OCPI-from is sent it must name that CPO.
bool acts_for_cpo(const call& call, const party& owner);

/// True when the caller is a hub that passes on to many what that CPO has sent: OCPI-from names the
/// hub, as a party of the caller's in the role OTHER, and the CPO is behind it
/// [transport and format, Broadcast Push].
bool is_broadcast_of_cpo(const call& call, const party& owner);

/// Those of the parties that a routing header leaves: the one it names, or all when it is absent.
std::vector<party> narrowed(std::vector<party> parties, const std::optional<party>& to);

}  // namespace ocpi::http
