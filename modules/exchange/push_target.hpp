#pragma once

#include "ocpi/protocol/party.hpp"
#include "ocpi/protocol/version.hpp"
#include "partners/platform_client.hpp"

#include <string>
#include <vector>

namespace ocpi::exchange {

/// Where the sessions of a partner are pushed to.
struct push_target {
    partners::platform_access access;
    /// Identifies the partner's registration: acknowledgements of an earlier one do not count.
    std::string registration;
    protocol::version version = protocol::version::v2_3_0;
    /// The Receiver interface of the partner's sessions module, without slashes at its end.
    std::string url;
    /// The eMSPs that are reached by this partner and by none that was registered before it.
    std::vector<party> emsps;
    /// A session that becomes COMPLETED is sent by PUT (push_message.hpp).
    bool closing_put = false;
};

/// True if what the partner has acknowledged at `a` counts at `b`.
bool is_same_platform(const push_target& a, const push_target& b);

/// The parties between which sessions are sent, as one text.
std::string write_party_pairs(const std::vector<party>& own, const std::vector<party>& emsps);

}  // namespace ocpi::exchange
