#pragma once

#include "crud/crud.hpp"
#include "modules/managed/policy_events.hpp"
#include "ocpi/base/async_event.hpp"
#include "ocpi/base/clock.hpp"
#include "ocpi/base/logger.hpp"

#include <boost/asio/awaitable.hpp>

#include <functional>
#include <memory>
#include <stop_token>
#include <string_view>

namespace ocpi::managed {

/// Follows what any process writes about sessions, in the order of change: those of policies go to
/// the mailboxes, and a target that a request has set at another process is to be sent to the CPO.
/// For a process that has the care of all policies, while others write.
class policy_follower {
public:
    struct listeners {
        /// There are changes in mailboxes.
        std::function<void()> on_changes;
        /// The CPO of that session may have to be sent preferences.
        std::function<void(const crud::object_key&)> on_target;
    };

    policy_follower(std::shared_ptr<Crud> crud, policy_events& events,
                    std::shared_ptr<const clock> time, std::shared_ptr<logger> log, listeners told);

    /// Begins with what changes from now on. Fails as the store does.
    boost::asio::awaitable<result<void>> begin();

    /// After begin(): follows until the stop.
    boost::asio::awaitable<void> run(std::stop_token stop);

    /// The store has changed, or may have. Cheap; from any thread.
    void look() noexcept { wake_.notify(); }

private:
    boost::asio::awaitable<result<void>> follow(std::stop_token stop);
    boost::asio::awaitable<result<crud::revision>> read(std::string_view module, bool needs_json,
                                                        std::stop_token stop);
    void take(std::string_view module, const crud::record& record);

    const std::shared_ptr<Crud> crud_;
    policy_events& events_;
    const std::shared_ptr<const clock> time_;
    const std::shared_ptr<logger> log_;
    const listeners listeners_;
    async_event wake_;
    /// All changes up to here were read.
    crud::revision followed_ = 0;
};

}  // namespace ocpi::managed
