#pragma once

#include "app/simulate/fleet.hpp"
#include "app/simulate/session_write.hpp"
#include "app/simulate/simulated_session.hpp"
#include "http/http_client.hpp"
#include "partners/platform_client.hpp"

#include <boost/asio/awaitable.hpp>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace ocpi::app::simulate {

/// The OCPI server that the sessions are reported to, and the parts of our own server's /v1 that a
/// simulation needs. For one thread.
class target_server {
public:
    /// `url` is the server's base (`http://127.0.0.1:8000`) or that of its version list.
    target_server(std::shared_ptr<http::http_client> http, std::string url, std::string token,
                  party owner);

    /// Finds the Receiver endpoints by the version list. errc::partner_failure when they cannot be
    /// fetched, errc::endpoints_missing when it takes no sessions.
    boost::asio::awaitable<result<void>> connect();

    /// Sends a tariff; std::nullopt: the server takes none.
    boost::asio::awaitable<result<std::optional<partners::platform_answer>>> put_tariff(
        const fleet_tariff& sent);
    boost::asio::awaitable<result<partners::platform_answer>> write(std::string id,
                                                                    const session_write& sent);
    boost::asio::awaitable<result<partners::platform_answer>> get_session(std::string id);

    /// Calls of our own server; an error when it is not ours or the token may not.
    boost::asio::awaitable<result<void>> put_policy(const vehicle& of, std::string policy);
    boost::asio::awaitable<result<void>> set_clock(date_time now);
    /// The blocks of the plan of the policy's session; std::nullopt: it has no session under way,
    /// or no plan.
    boost::asio::awaitable<result<std::optional<std::vector<charging_block>>>> get_plan(
        const vehicle& of);

private:
    boost::asio::awaitable<result<partners::platform_answer>> call(std::string method,
                                                                   std::string url,
                                                                   std::string body);
    boost::asio::awaitable<result<http::response>> call_v1(std::string method, std::string path,
                                                           std::string body);
    std::string object_url(const std::string& endpoint, const std::string& id) const;

    std::shared_ptr<http::http_client> http_;
    partners::platform_client client_;
    partners::platform_access access_;
    party owner_;
    std::string base_url_;
    std::string sessions_url_;
    std::string tariffs_url_;
};

/// True if the server has taken a write, with an envelope or without.
bool is_accepted(const partners::platform_answer& answered);

/// The answer, or why there is none, for people.
std::string describe(const result<partners::platform_answer>& answered);

/// The charging preferences of a Session; std::nullopt: it has none that can be read.
std::optional<accepted_preferences> read_preferences(json::value session);

/// The blocks of a managed session; std::nullopt: it has no such list.
std::optional<std::vector<charging_block>> read_plan(json::value managed_session);

}  // namespace ocpi::app::simulate
