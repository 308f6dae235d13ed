#include "modules/exchange/partner_preferences.hpp"

#include "http/url.hpp"

#include <algorithm>
#include <optional>
#include <string>

namespace ocpi::exchange {
namespace {

/// What the partner has answered, or why that is no answer.
result<sessions::forwarded_preferences> read_answer(const partners::platform_access& from,
                                                    const partners::platform_answer& answered)
{
    if (answered.is_success()) {
        const auto data = answered.data();
        if (data && data->is(json::kind::string)) {
            return sessions::forwarded_preferences(std::string(data->string()));
        }
        return partners::unusable_answer(from, "answers without a ChargingPreferencesResponse");
    }
    const auto words = from.name + " answers " + answered.describe();
    if (answered.http_status == 404) return error(errc::not_found, words);
    const bool is_refusal = answered.http_status != 401 && answered.http_status < 500 &&
                            answered.status_code >= 2000 && answered.status_code < 3000;
    if (is_refusal) return error(errc::invalid, words);
    return error(errc::partner_failure, words);
}

}  // namespace

boost::asio::awaitable<bool> partner_preferences::can_reach(party cpo)
{
    const credentials_role role(party_role::cpo, cpo);
    const auto found = co_await partners_->find_by_role(role);
    co_return found.has_value() && found->has_value();
}

boost::asio::awaitable<result<sessions::forwarded_preferences>> partner_preferences::forward(
    party cpo, party emsp, std::string session_id, std::string body, std::string correlation_id,
    protocol::trace_context trace)
{
    const credentials_role role(party_role::cpo, cpo);
    const auto found = co_await partners_->find_by_role(role);
    if (found.has_error()) co_return found.error();
    if (!*found) {
        co_return error(errc::partner_failure, "no partner is registered for " + to_string(cpo));
    }
    const auto& partner = **found;
    const auto* sessions = partner.find_endpoint("sessions", partners::interface_role::sender);
    if (!sessions) {
        co_return error(errc::endpoints_missing,
                        partner.name + " has no Sender interface for sessions");
    }
    const auto& own = own_emsp_parties_;
    const bool is_ours = std::find(own.begin(), own.end(), emsp) != own.end();
    if (!is_ours && !own.empty()) emsp = own.front();

    const auto access = partners::access_to(partner);
    partners::platform_request request;
    request.method = "PUT";
    request.purpose = partners::call_purpose::preferences;
    request.url = http::append_segments(*sessions, {session_id, "charging_preferences"});
    request.body = std::move(body);
    request.routing.to = std::move(cpo);
    request.routing.from = std::move(emsp);
    request.correlation_id = std::move(correlation_id);
    request.trace = trace;
    const auto answered = co_await client_->call(access, std::move(request));
    if (answered.has_error()) co_return answered.error();
    co_return read_answer(access, *answered);
}

}  // namespace ocpi::exchange
