#pragma once

#include "auth/principal.hpp"

#include <string>
#include <vector>

namespace ocpi::app {

/// Whom a token stands for, as a person writes it on the command line or in the configuration.
struct identity_description {
    std::string name;
    /// `partner`, `operator` or `driver`.
    std::string kind;
    /// Such as `CPO:ES*ABC`; partners only.
    std::vector<std::string> roles;
    /// Contract ids; drivers only.
    std::vector<std::string> contracts;
    /// `strict` or `tolerant`.
    std::string profile = "strict";
    /// A CREDENTIALS_TOKEN_A: the partner is to register by it. The roles are those that it may
    /// then claim.
    bool registration = false;
    /// For a registration: the partner's URLs may be plain http and lead to private addresses.
    bool trusted = false;
};

/// Throws std::runtime_error saying what is wrong with the description.
auth::principal make_identity(const identity_description& description);

}  // namespace ocpi::app
