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

}  // namespace ocpi::exchange
