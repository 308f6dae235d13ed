#pragma once

#include "modules/sessions/session_store.hpp"

#include <boost/asio/awaitable.hpp>

#include <string>

namespace ocpi::sessions {

/// The session of that id under /v1, if the caller may see it: our operator any, a driver's app
/// one of its contracts. errc::not_found otherwise, as for one that is not there. As of now: one
/// whose final reading has not come in time has settled.
boost::asio::awaitable<result<crud::record>> find_visible(session_store& sessions,
                                                          const auth::principal& caller,
                                                          std::string view_id);

}  // namespace ocpi::sessions
