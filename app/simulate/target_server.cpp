#include "app/simulate/target_server.hpp"

#include "auth/authorization.hpp"
#include "http/url.hpp"
#include "modules/credentials/platform_versions.hpp"
#include "ocpi/base/rational.hpp"
#include "ocpi/json/writer.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

namespace ocpi::app::simulate {
namespace {

using boost::asio::awaitable;
using partners::interface_role;
using partners::platform_answer;

constexpr std::string_view versions_path = "/ocpi/versions";

bool names_versions(std::string_view url)
{
    return http::without_trailing_slashes(url).ends_with("/versions");
}

/// The part before /ocpi/, where /v1 is on our own server.
std::string base_of(std::string_view url)
{
    const auto at = url.find("/ocpi/");
    return std::string(http::without_trailing_slashes(url.substr(0, at)));
}

}  // namespace

target_server::target_server(std::shared_ptr<http::http_client> http, std::string url,
                             std::string token, party owner)
    : http_(std::move(http)),
      client_(http_),
      owner_(std::move(owner)),
      base_url_(base_of(url)),
      sessions_url_(names_versions(url) ? url : base_url_ + std::string(versions_path))
{
    access_.name = "the server";
    access_.token = std::move(token);
    access_.is_trusted = true;
}

awaitable<result<void>> target_server::connect()
{
    const auto versions_url = sessions_url_;
    std::vector<protocol::version> spoken{protocol::version::v2_3_0};
    const auto versions =
        co_await credentials::fetch_versions(client_, access_, versions_url, std::move(spoken));
    if (versions.has_error()) co_return versions.error();
    auto newest = versions->front();
    const auto endpoints =
        co_await credentials::fetch_endpoints(client_, access_, std::move(newest));
    if (endpoints.has_error()) co_return endpoints.error();
    sessions_url_.clear();
    for (const auto& each : *endpoints) {
        if (each.role != interface_role::receiver) continue;
        if (each.identifier == "sessions") sessions_url_ = each.url;
        if (each.identifier == "tariffs") tariffs_url_ = each.url;
    }
    if (sessions_url_.empty()) {
        co_return error(errc::endpoints_missing,
                        "the server's version details name no Receiver of the module sessions");
    }
    co_return result<void>();
}

awaitable<result<std::optional<platform_answer>>> target_server::put_tariff(
    const fleet_tariff& sent)
{
    if (tariffs_url_.empty()) co_return std::optional<platform_answer>();
    auto answered = co_await call("PUT", object_url(tariffs_url_, sent.id), sent.json);
    if (answered.has_error()) co_return answered.error();
    co_return std::optional<platform_answer>(std::move(*answered));
}

awaitable<result<platform_answer>> target_server::write(std::string id, const session_write& sent)
{
    const std::string method = sent.is_put ? "PUT" : "PATCH";
    co_return co_await call(method, object_url(sessions_url_, id), sent.body);
}

awaitable<result<platform_answer>> target_server::get_session(std::string id)
{
    co_return co_await call("GET", object_url(sessions_url_, id), std::string());
}

awaitable<result<void>> target_server::put_policy(const vehicle& of, std::string policy)
{
    auto answered = co_await call_v1("PUT", "/v1/policies/" + policy_id_of(of), std::move(policy));
    if (answered.has_error()) co_return answered.error();
    co_return result<void>();
}

awaitable<result<void>> target_server::set_clock(date_time now)
{
    json::object_writer clock;
    clock.string("now", to_string(now));
    auto answered = co_await call_v1("PUT", "/v1/dev/clock", clock.finish());
    if (answered.has_error()) co_return answered.error();
    co_return result<void>();
}

awaitable<result<std::optional<std::vector<charging_block>>>> target_server::get_plan(
    const vehicle& of)
{
    auto answered =
        co_await call_v1("GET", "/v1/policies/" + policy_id_of(of) + "/session", std::string());
    if (answered.has_error()) co_return answered.error();
    const auto document = json::parse(answered->body);
    if (document.has_error()) co_return document.error();
    co_return read_plan(document->root());
}

awaitable<result<platform_answer>> target_server::call(std::string method, std::string url,
                                                       std::string body)
{
    partners::platform_request request;
    request.method = std::move(method);
    request.url = std::move(url);
    request.body = std::move(body);
    request.needs_envelope = false;
    co_return co_await client_.call(access_, std::move(request));
}

awaitable<result<http::response>> target_server::call_v1(std::string method, std::string path,
                                                         std::string body)
{
    http::outbound_request request;
    request.method = std::move(method);
    request.url = base_url_ + path;
    request.headers.add("Authorization", auth::write_authorization(access_.token));
    if (!body.empty()) request.headers.add("Content-Type", "application/json");
    request.body = std::move(body);
    request.reach = http::reach::anywhere;
    request.pool = access_.name;
    auto answered = co_await http_->send(std::move(request));
    if (answered.has_error()) co_return answered.error();
    if (answered->status >= 300) {
        co_return error(errc::partner_failure,
                        path + " is answered with HTTP " + std::to_string(answered->status));
    }
    co_return answered;
}

std::string target_server::object_url(const std::string& endpoint, const std::string& id) const
{
    return http::append_segments(endpoint, {owner_.country_code.str(), owner_.party_id.str(), id});
}

bool is_accepted(const platform_answer& answered)
{
    return answered.is_success() || answered.is_bare_success();
}

std::string describe(const result<platform_answer>& answered)
{
    return answered.has_error() ? answered.error().text() : answered->describe();
}

std::optional<accepted_preferences> read_preferences(json::value session)
{
    const auto found = session.find("charging_preferences");
    if (!found || found->find_string("profile_type").empty()) return std::nullopt;
    accepted_preferences read;
    read.profile_type = found->find_string("profile_type");
    if (const auto at = parse_date_time(found->find_string("departure_time"))) {
        read.departure_time = at->value;
    }
    const auto need = found->find("energy_need");
    const auto kwh = need ? decimal::parse(need->text()) : std::nullopt;
    constexpr std::int64_t max_digits = 9;
    if (kwh && kwh->fits(max_digits)) {
        const rational wh = to_rational(*kwh) * 1000;
        read.energy_need_wh = static_cast<std::int64_t>(numerator(wh) / denominator(wh));
    }
    return read;
}

std::optional<std::vector<charging_block>> read_plan(json::value managed_session)
{
    const auto blocks = managed_session.find("blocks");
    const auto outcome = managed_session.find("outcome");
    // Without an outcome the server has no plan: the vehicle charges as it likes.
    const auto latest = outcome ? outcome->find("latest") : std::nullopt;
    const bool has_plan = latest && !latest->is(json::kind::null);
    if (!has_plan || !blocks || !blocks->is(json::kind::array)) return std::nullopt;
    std::vector<charging_block> plan;
    for (const auto block : *blocks) {
        const auto begin = parse_date_time(block.find_string("startAt"));
        const auto end = parse_date_time(block.find_string("endAt"));
        if (begin && end) plan.emplace_back(begin->value, end->value);
    }
    return plan;
}

}  // namespace ocpi::app::simulate
