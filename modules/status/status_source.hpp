#pragma once

#include "crud/crud.hpp"
#include "modules/managed/managed_session_service.hpp"
#include "modules/sessions/session_reader.hpp"
#include "modules/sessions/session_snapshot.hpp"
#include "modules/status/cost_source.hpp"
#include "modules/status/event_source.hpp"
#include "modules/status/status_view.hpp"
#include "ocpi/base/clock.hpp"

#include <boost/asio/awaitable.hpp>

#include <memory>
#include <string>
#include <utility>

namespace ocpi::status {

/// Builds the status view from the store, the policies and the costs, for requests and events.
/// Parts that are not available are null. Safe from any thread.
class status_source final : public status::event_source {
public:
    /// `costs` may be nullptr: no cost is known.
    status_source(std::shared_ptr<Crud> crud,
                  std::shared_ptr<managed::managed_session_service> manager,
                  std::shared_ptr<cost_source> costs, std::shared_ptr<const clock> time);

    /// The status view of a stored session as JSON.
    boost::asio::awaitable<std::string> show(crud::record session);
    /// The same session in a list, under the policies as of refresh_policies(), or of the last
    /// second.
    boost::asio::awaitable<listed_status> list(crud::record session);
    /// Call before a list. If it fails, the rows are of the policies that are known.
    boost::asio::awaitable<void> refresh_policies();

    date_time now() const { return time_->now(); }

    boost::asio::awaitable<result<crud::record>> find(std::string id,
                                                      contract_scope visible) override;
    boost::asio::awaitable<result<status::rendered_session>> render(crud::record session) override;

private:
    using policy_age = managed::managed_session_service::policy_age;

    /// A session with its status and its policy.
    struct viewed_session {
        status_view view;
        sessions::session_ptr session;
        date_time at;
        std::optional<managed::policy> under;
    };

    boost::asio::awaitable<sessions::session_ptr> read(const crud::record& record);
    boost::asio::awaitable<viewed_session> view(sessions::session_ptr session,
                                                policy_age age = policy_age::none);

    sessions::session_reader sessions_;
    std::shared_ptr<managed::managed_session_service> manager_;
    std::shared_ptr<cost_source> costs_;
    std::shared_ptr<const clock> time_;
};

}  // namespace ocpi::status
