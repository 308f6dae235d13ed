#pragma once

#include "auth/authenticator.hpp"
#include "ocpi/base/clock.hpp"
#include "ocpi/base/logger.hpp"
#include "ocpi/http/failure_log.hpp"
#include "ocpi/http/request_handler.hpp"
#include "ocpi/http/router.hpp"
#include "ocpi/protocol/party.hpp"

#include <memory>
#include <string>
#include <vector>

namespace ocpi::http {

/// The way of every request: ids, target, authentication, route, routing headers, handler; and
/// back: envelope or problem details, ids, swapped routing headers. Whatever happens on the way,
/// the caller gets an answer of that form. Safe from any thread.
class pipeline final : public request_handler {
public:
    struct parts {
        std::shared_ptr<Authenticator> authenticator;
        std::shared_ptr<const clock> time;
        std::shared_ptr<logger> log;
        /// The parties that this server acts for.
        std::vector<party> own_parties;
        http::router router;
    };

    explicit pipeline(parts assembled);

    boost::asio::awaitable<response> handle(request received) override;
    response refuse(const request& received, const error& reason) override;

private:
    boost::asio::awaitable<answer> run(const request& received, protocol::routing& routing);
    result<void> check_routing(const auth::principal& caller,
                               const protocol::routing& routing) const;
    response render(const request& received, answer answered, const protocol::routing& routing);

    parts parts_;
    failure_log failures_;
};

}  // namespace ocpi::http
