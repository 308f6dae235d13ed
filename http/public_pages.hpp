#pragma once

#include "http/message.hpp"

#include <optional>

namespace ocpi::http {

/// Pages that need no token, as a port of the pipeline: it asks for them before it authenticates
/// the caller. Called from any thread.
class public_pages {
public:
    virtual ~public_pages() = default;

    /// The answer to a request without its body; std::nullopt: it is for no page.
    virtual std::optional<response> find(const request& head) const = 0;
};

}  // namespace ocpi::http
