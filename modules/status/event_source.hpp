#pragma once

#include "crud/crud.hpp"
#include "modules/sessions/session.hpp"
#include "ocpi/base/ci_string.hpp"
#include "ocpi/base/error.hpp"
#include "ocpi/protocol/contract_id.hpp"

#include <boost/asio/awaitable.hpp>

#include <memory>
#include <string>

namespace ocpi::status {

/// A session as the store holds it.
struct found_session {
    sessions::session_key key;
    crud::revision revision = 0;
    std::shared_ptr<const std::string> json;
    /// It has settled (session_record.hpp).
    bool has_settled = false;
};

found_session found_session_of(crud::record stored);

/// What an event says of a session.
struct rendered_session {
    /// The id under which /v1 knows the session.
    std::string id;
    /// The session's cdr_token.contract_id; empty when it names none. Drivers with that contract
    /// may see the event.
    ci_string contract_id;
    /// A JSON text.
    std::string data;
};

/// Where the content of events comes from, as a port: the status view and the ids of /v1. Used
/// from any thread, by many at a time; each coroutine resumes upon its own executor.
class event_source {
public:
    virtual ~event_source() = default;

    /// The session of that /v1 id as it is in the store now, if `visible` is_visible_to its
    /// contract, which is to be judged before the session is read; or errc::not_found.
    virtual boost::asio::awaitable<result<found_session>> find(std::string id,
                                                               contract_scope visible) = 0;

    /// What an event says of this state of a session. Upon a failure there is no event.
    virtual boost::asio::awaitable<result<rendered_session>> render(found_session state) = 0;
};

}  // namespace ocpi::status
