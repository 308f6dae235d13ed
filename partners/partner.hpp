#pragma once

#include "auth/principal.hpp"
#include "ocpi/base/date_time.hpp"
#include "ocpi/base/error.hpp"
#include "ocpi/protocol/party.hpp"
#include "ocpi/protocol/version.hpp"
#include "partners/token_form.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// The other OCPI platforms that this server exchanges objects with.
namespace ocpi::partners {

/// A platform's side of an interface [OCPI versions, InterfaceRole]: SENDER owns the objects and is
/// pulled from, RECEIVER is pushed to.
enum class interface_role { sender, receiver };

/// One endpoint of a partner's version details [OCPI versions, Endpoint].
struct endpoint {
    /// A ModuleID such as `sessions`.
    std::string identifier;
    interface_role role = interface_role::sender;
    /// Absolute, as advertised by the partner.
    std::string url;

    endpoint(std::string module, interface_role side, std::string at)
        : identifier(std::move(module)), role(side), url(std::move(at))
    {
    }
};

enum class partner_state {
    registering,   ///< we have called, the partner has not answered yet: its token grants
                   ///< access to versions only
    registered,    ///< both sides hold the other's token
    unregistered,  ///< ended; kept so that old tokens stay invalid
};

/// `registering`, `registered`, `unregistered`.
std::string_view to_string(partner_state state) noexcept;

enum class token_standing {
    current,   ///< from the last handshake
    previous,  ///< from the handshake before: valid until the current one is used, or until
               ///< valid_until
    pending,   ///< offered by us, not yet confirmed by the partner
};

/// A token the partner uses to call us; only its hash is stored.
struct inbound_token {
    std::string hash;
    token_standing standing = token_standing::current;
    /// For a previous token.
    std::optional<date_time> valid_until;

    inbound_token(std::string token_hash, token_standing as, std::optional<date_time> until = {})
        : hash(std::move(token_hash)), standing(as), valid_until(until)
    {
    }
};

/// Everything known about a partner. It is one record of the store, so that a handshake changes all
/// of it atomically.
struct partner {
    /// Names the partner in commands and logs; unique, case-insensitive.
    std::string name;
    partner_state state = partner_state::registering;
    /// Identifies this registration; a later one, also of the same platform, has another.
    std::string registration;
    /// Its URLs may be plain http and lead to private addresses.
    bool is_trusted = false;
    auth::profile profile = auth::profile::strict;
    /// Each COMPLETED session of ours is sent again as a PUT after its PATCH, for platforms that
    /// replace a session's lists with those of a PATCH. An operator's setting; it outlives
    /// registrations.
    bool closing_put = false;
    /// The OCPI version negotiated with it.
    protocol::version version = protocol::version::v2_3_0;
    /// URL of its version list.
    std::string versions_url;
    /// The token we use to call it: a secret. Empty unless registered.
    std::string token;
    /// How that token is sent: the form the partner has accepted.
    partners::token_form token_form = partners::token_form::base64;
    /// The roles it claims, within allowed_roles.
    std::vector<credentials_role> roles;
    /// True for a platform of version 2.2.1 in the role HUB, which is in `roles` as OTHER. Such a
    /// hub does not name the parties behind it: they are the allowed_roles beyond `roles`.
    bool is_hub = false;
    /// The party of the hub that it is or connects to (hub_party_id of version 2.3.0).
    std::optional<party> hub;
    /// The roles it may claim.
    std::vector<credentials_role> allowed_roles;
    std::vector<partners::endpoint> endpoints;
    std::vector<inbound_token> inbound_tokens;

    bool is_registered() const noexcept { return state == partner_state::registered; }
    /// The URL of that module and side; nullptr when the partner has none.
    const std::string* find_endpoint(std::string_view identifier,
                                     interface_role role) const noexcept;
    /// Its parties in that role.
    std::vector<party> parties_in_role(party_role role) const;
    const inbound_token* find_inbound(std::string_view hash) const noexcept;
};

/// The parties and roles behind a hub of version 2.2.1: those its operator here has allowed beyond
/// its own claims. Empty for every other partner.
std::vector<credentials_role> roles_behind(const partner& of);

/// A partner's own roles and those behind it. Objects of all of them are exchanged with this
/// partner.
std::vector<credentials_role> represented_roles(const partner& of);

/// Operator's settings of a registered partner; std::nullopt leaves a setting unchanged.
struct partner_settings {
    std::optional<bool> closing_put;
};

/// The partner after its registration has ended: no token of it is valid.
partner unregistered(partner of);

/// A partner as JSON, for the store.
std::string write_partner(const partner& of);
/// errc::storage when the text was not written by write_partner.
result<partner> read_partner(std::string_view json);

}  // namespace ocpi::partners
