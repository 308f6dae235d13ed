#pragma once

#include "ocpi/json/document.hpp"

#include <optional>
#include <string>

namespace ocpi::exchange {

/// How a session is told to a partner.
struct push_message {
    /// The body of a PATCH; std::nullopt: a PUT of the whole session.
    std::optional<std::string> patch;
    /// Once the PATCH is acknowledged the whole session follows by PUT.
    bool put_follows = false;
};

/// The message that brings a partner from what it has acknowledged to the session as it is now; a
/// PUT when there is no `base`, or no PATCH can say it. With `closing_put`, the PATCH that makes a
/// session COMPLETED is followed by a PUT, and what changes after that goes by PUT alone: for
/// platforms that replace lists by what a PATCH brings. Pure; both texts are as they are sent.
push_message choose_message(const json::document* base, const json::document& now,
                            bool closing_put);

}  // namespace ocpi::exchange
