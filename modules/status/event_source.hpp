#pragma once

#include "crud/crud.hpp"
#include "ocpi/base/ci_string.hpp"
#include "ocpi/base/error.hpp"
#include "ocpi/protocol/contract_id.hpp"

#include <boost/asio/awaitable.hpp>

#include <string>

namespace ocpi::status {

/// The content of an event.
struct rendered_session {
    /// The session's id under /v1.
    std::string id;
    /// The session's cdr_token.contract_id; empty when none is named. Drivers with that contract
    /// may see the event.
    ci_string contract_id;
    /// A JSON text.
    std::string data;
};

/// Supplies the content of events, as a port: the status view and the ids of /v1. Called from any
/// thread, concurrently; each coroutine resumes on its own executor.
class event_source {
public:
    virtual ~event_source() = default;

    /// The stored session with that /v1 id, if `visible` is_visible_to its contract, which is
    /// checked before the session is read; else errc::not_found.
    virtual boost::asio::awaitable<result<crud::record>> find(std::string id,
                                                              contract_scope visible) = 0;

    /// Renders this state of a session. On error no event is sent.
    virtual boost::asio::awaitable<result<rendered_session>> render(crud::record session) = 0;
};

}  // namespace ocpi::status
