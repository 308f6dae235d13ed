#include "app/identity.hpp"

#include <stdexcept>

namespace ocpi::app {

auth::principal make_identity(const identity_description& description)
{
    auth::principal identity;
    identity.name = description.name;
    const auto kind = auth::parse_caller_kind(description.kind);
    if (!kind) {
        throw std::runtime_error("the kind of a token is partner, operator or driver, not \"" +
                                 description.kind + '"');
    }
    identity.kind = *kind;
    if (!description.roles.empty() && identity.kind != auth::caller_kind::partner) {
        throw std::runtime_error("only a partner has roles");
    }
    for (const auto& text : description.roles) {
        const auto role = parse_credentials_role(text);
        if (!role) {
            throw std::runtime_error("a role is written like CPO:ES*ABC, not \"" + text + '"');
        }
        identity.roles.push_back(*role);
    }
    if (!description.contracts.empty() && identity.kind != auth::caller_kind::driver) {
        throw std::runtime_error("only a driver has contracts");
    }
    for (const auto& contract : description.contracts) identity.contracts.emplace_back(contract);
    const auto strictness = auth::parse_profile(description.profile);
    if (!strictness) {
        throw std::runtime_error("the profile of a token is strict or tolerant, not \"" +
                                 description.profile + '"');
    }
    identity.profile = *strictness;
    if ((description.registration || description.trusted) &&
        identity.kind != auth::caller_kind::partner) {
        throw std::runtime_error("only a partner registers or is trusted");
    }
    if (description.registration) {
        if (identity.roles.empty()) {
            throw std::runtime_error(
                "a registration needs the roles that the partner may claim, such as CPO:BE*BEC");
        }
        identity.token_kind = auth::token_kind::registration;
    }
    identity.is_trusted = description.trusted;
    return identity;
}

}  // namespace ocpi::app
