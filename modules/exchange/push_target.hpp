#pragma once

#include "ocpi/protocol/party.hpp"
#include "ocpi/protocol/version.hpp"
#include "partners/partner_store.hpp"
#include "partners/platform_client.hpp"

#include <memory>
#include <optional>
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

/// Our parties in a text of write_party_pairs(), folded; std::nullopt when it is of other eMSPs.
std::optional<std::vector<std::string>> own_parties_of(const std::string& pairs,
                                                       const std::vector<party>& emsps);

/// Where the sessions of each of the partners are pushed to; nullptr where it has no Receiver
/// interface, or is the eMSP of no session.
struct partner_target {
    std::string partner;
    std::shared_ptr<const push_target> target;
};

/// In the order of the partners, which is that of their creation: an eMSP belongs to the first
/// registered partner that has it.
std::vector<partner_target> make_targets(const std::vector<partners::stored_partner>& listed);

}  // namespace ocpi::exchange
