#pragma once

#include "auth/principal.hpp"

#include <string>
#include <vector>

namespace ocpi::app {

/// A token's identity as written on the command line or in the configuration.
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
    /// A CREDENTIALS_TOKEN_A, with which the partner registers. The roles are those it may then
    /// claim.
    bool registration = false;
    /// For a registration: the partner's URLs may be plain http and lead to private addresses.
    bool trusted = false;
};

/// Throws std::runtime_error naming the error in the description.
auth::principal make_identity(const identity_description& description);

}  // namespace ocpi::app
