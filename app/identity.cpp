#include "app/identity.hpp"

#include <stdexcept>

namespace ocpi::app {

const char* to_string(auth::caller_kind kind) noexcept
{
    switch (kind) {
        case auth::caller_kind::partner: return "partner";
        case auth::caller_kind::platform_operator: return "operator";
        case auth::caller_kind::driver: return "driver";
    }
    return "partner";
}

auth::principal make_identity(const identity_description& description)
{
    auth::principal identity;
    identity.name = description.name;
    if (description.kind == "partner") {
        identity.kind = auth::caller_kind::partner;
    } else if (description.kind == "operator") {
        identity.kind = auth::caller_kind::platform_operator;
    } else if (description.kind == "driver") {
        identity.kind = auth::caller_kind::driver;
    } else {
        throw std::runtime_error("the kind of a token is partner, operator or driver, not \"" +
                                 description.kind + '"');
    }
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
    if (description.profile == "tolerant") {
        identity.profile = auth::profile::tolerant;
    } else if (description.profile != "strict") {
        throw std::runtime_error("the profile of a token is strict or tolerant, not \"" +
                                 description.profile + '"');
    }
    return identity;
}

}  // namespace ocpi::app
