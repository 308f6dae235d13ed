#pragma once

#include "auth/authenticator.hpp"
#include "http/answer_memory.hpp"
#include "http/cors.hpp"
#include "http/failure_log.hpp"
#include "http/public_pages.hpp"
#include "http/request_handler.hpp"
#include "http/request_limiter.hpp"
#include "http/router.hpp"
#include "ocpi/base/clock.hpp"
#include "ocpi/base/logger.hpp"
#include "ocpi/protocol/party.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ocpi::http {

/// Processes every request: authentication, target, route, routing headers, handler; then envelope
/// or problem details, ids, swapped routing headers. Every failure is answered in that form. Safe
/// from any thread.
class pipeline final : public request_handler {
public:
    struct dependencies {
        std::shared_ptr<Authenticator> authenticator;
        std::shared_ptr<const clock> time;
        std::shared_ptr<logger> log;
        /// The parties of this server.
        std::vector<party> own_parties;
        http::router router;
        /// Origins whose web pages may call the paths under /v1.
        cors_policy cors;
        /// nullptr: there are none.
        std::shared_ptr<const public_pages> pages;
        /// nullptr: requests are not limited.
        std::shared_ptr<request_limiter> limiter;
        /// nullptr: the memory of answers is not limited.
        std::shared_ptr<answer_memory> answers;
    };

    explicit pipeline(dependencies assembled);

    /// Authenticates the caller, once for both steps; or answers a CORS preflight or a request for
    /// a public page, which have no caller.
    boost::asio::awaitable<admission> admit(const request& head) override;
    boost::asio::awaitable<response> respond(request received, admission admitted) override;
    response refuse(const request& received, const error& reason) override;

private:
    /// What a request has come to on its way through run().
    struct progress {
        protocol::routing routing;
        bool is_handler_asked = false;
    };

    boost::asio::awaitable<answer> run(request& received, admission& admitted, progress& reached);
    std::optional<response> limit(const request& head, admission& judged);
    void reserve_memory(const request& received, const auth::principal* caller, response& answered);
    static void hold(response& until_sent, std::shared_ptr<const void> more);
    response refuse_by(const request& received, answer refusal);
    std::string_view find_route_name(const request& received) const;
    response grant_preflight(const request& received, response granted) const;
    answer describe_server() const;
    result<void> check_routing(const auth::principal& caller,
                               const protocol::routing& routing) const;
    response render(const request& received, answer answered, const protocol::routing& routing);

    dependencies dependencies_;
    failure_log failures_;
};

}  // namespace ocpi::http
