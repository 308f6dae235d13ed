#pragma once

#include "modules/sessions/session_writer.hpp"

#include <boost/asio/awaitable.hpp>

#include <string>

namespace ocpi::sessions {

/// The session of that id under /v1, if the caller may see it: all for our operator, those of its
/// contracts for a driver's app; else errc::not_found, as for a missing one. Up to date: sessions
/// whose final reading is overdue have settled.
boost::asio::awaitable<result<crud::record>> find_visible(session_writer& sessions,
                                                          const auth::principal& caller,
                                                          std::string view_id);

}  // namespace ocpi::sessions
