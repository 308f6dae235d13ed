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

/// The side of an interface that a platform plays [OCPI versions, InterfaceRole]: SENDER owns the
/// objects and is pulled from, RECEIVER is pushed to.
enum class interface_role { sender, receiver };

/// One endpoint of a partner's version details [OCPI versions, Endpoint].
struct endpoint {
    /// A ModuleID such as `sessions`.
    std::string identifier;
    interface_role role = interface_role::sender;
    /// Absolute; as the partner has advertised it, to the last slash.
    std::string url;

    endpoint(std::string module, interface_role side, std::string at)
        : identifier(std::move(module)), role(side), url(std::move(at))
    {
    }
};

enum class partner_state {
    registering,   ///< we have called, the partner has not answered yet: its token opens nothing
                   ///< but versions
    registered,    ///< both sides hold the other's token
    unregistered,  ///< over; kept so that tokens of the past stay dead
};

/// `registering`, `registered`, `unregistered`.
std::string_view to_string(partner_state state) noexcept;

enum class token_standing {
    current,   ///< the one of the last handshake
    previous,  ///< the one before: counts until the current one was used, or until valid_until
    pending,   ///< offered by us, not yet confirmed by the partner
};

/// A token by which the partner calls us; only its hash is kept.
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

/// All that is known of a partner. It is one record of the store, so that whatever a handshake
/// changes, it changes at once or not at all.
struct partner {
    /// Unique without regard to case: names the partner in commands and logs.
    std::string name;
    partner_state state = partner_state::registering;
    /// Names this registration: another one, be it of the same platform, has another.
    std::string registration;
    /// Its URLs may be plain http and lead to private addresses.
    bool is_trusted = false;
    auth::profile profile = auth::profile::strict;
    /// A session of ours that is COMPLETED is sent to it whole, once more after its PATCH: for a
    /// platform that replaces a session's lists by what a PATCH brings. An operator's setting; it
    /// outlives registrations.
    bool closing_put = false;
    /// The version of OCPI that is spoken with it.
    protocol::version version = protocol::version::v2_3_0;
    /// Where its version list is.
    std::string versions_url;
    /// The token by which we call it: a secret. Empty unless registered.
    std::string token;
    /// How that token is sent: what the partner was seen to understand.
    partners::token_form token_form = partners::token_form::base64;
    /// What it is, by its own word, within what it may claim.
    std::vector<credentials_role> roles;
    /// True for a platform of version 2.2.1 in the role HUB, which is among `roles` as OTHER. Such
    /// a hub does not name the parties behind it: what it may claim beyond `roles` are those.
    bool is_hub = false;
    /// The party of the hub that it is, or is connected to (hub_party_id of version 2.3.0).
    std::optional<party> hub;
    /// What it may claim to be.
    std::vector<credentials_role> allowed_roles;
    std::vector<partners::endpoint> endpoints;
    std::vector<inbound_token> inbound_tokens;

    bool is_registered() const noexcept { return state == partner_state::registered; }
    /// The URL of that module on that side; nullptr when the partner has none.
    const std::string* find_endpoint(std::string_view identifier,
                                     interface_role role) const noexcept;
    /// The parties that it stands for, in that role.
    std::vector<party> parties_in_role(party_role role) const;
    const inbound_token* find_inbound(std::string_view hash) const noexcept;
};

/// The parties behind a partner that is a hub of version 2.2.1, in their roles: what its operator
/// here has allowed beyond what it claims itself. None for every other partner.
std::vector<credentials_role> roles_behind(const partner& of);

/// Whom a partner stands for: its own roles, and those behind it. Whoever they are, objects of
/// theirs come from it and go to it.
std::vector<credentials_role> represented_roles(const partner& of);

/// What an operator may set of a registered partner; std::nullopt leaves it as it is.
struct partner_settings {
    std::optional<bool> closing_put;
};

/// What is left of a partner when its registration is over: nothing of it opens anything.
partner unregistered(partner of);

/// A partner as JSON, for the store.
std::string write_partner(const partner& of);
/// errc::storage when the text is none that write_partner has written.
result<partner> read_partner(std::string_view json);

}  // namespace ocpi::partners
