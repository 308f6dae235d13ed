#pragma once

#include "crud/crud.hpp"
#include "modules/managed/managed_session_service.hpp"
#include "modules/sessions/evse_directory.hpp"
#include "modules/sessions/session_data.hpp"
#include "modules/sessions/session_store.hpp"
#include "modules/status/cost_source.hpp"
#include "modules/status/event_source.hpp"
#include "ocpi/base/clock.hpp"
#include "ocpi/json/document.hpp"

#include <boost/asio/awaitable.hpp>

#include <memory>
#include <string>
#include <utility>

namespace ocpi::status {

/// Puts the status view together from the store, the policies and the costs: for those who ask,
/// and for events. A part that cannot be had is null in it. Safe from any thread.
class status_source final : public status::event_source {
public:
    /// `costs` may be nullptr: then no cost is known; and so may `evses`: then no EVSE is.
    status_source(std::shared_ptr<Crud> crud,
                  std::shared_ptr<managed::managed_session_service> manager,
                  std::shared_ptr<cost_source> costs,
                  std::shared_ptr<sessions::evse_directory> evses,
                  std::shared_ptr<const clock> time);

    /// The status view of a stored session as JSON.
    boost::asio::awaitable<std::string> show(crud::record session);

    boost::asio::awaitable<result<status::found_session>> find(std::string id,
                                                               contract_scope visible) override;
    boost::asio::awaitable<result<status::rendered_session>> render(
        status::found_session state) override;

private:
    /// A stored session, read once for all who derive something from it.
    struct read_session {
        sessions::session_key key;
        sessions::session_data seen;
        /// nullptr: what is stored cannot be read.
        std::shared_ptr<const json::document> document;

        explicit read_session(const status::found_session& stored);
    };

    boost::asio::awaitable<std::string> show(read_session session);

    sessions::session_store sessions_;  ///< only read
    std::shared_ptr<managed::managed_session_service> manager_;
    std::shared_ptr<cost_source> costs_;
    std::shared_ptr<sessions::evse_directory> evses_;
    std::shared_ptr<const clock> time_;
};

}  // namespace ocpi::status
