#include "modules/credentials/platform_versions.hpp"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

namespace ocpi::credentials {
namespace {

using partners::endpoint;
using partners::interface_role;

/// A successful GET's answer; anything else is reported as the platform's failure.
boost::asio::awaitable<result<partners::platform_answer>> get(partners::platform_client client,
                                                              partners::platform_access platform,
                                                              std::string what, std::string url)
{
    partners::platform_request request;
    request.url = std::move(url);
    auto answered = co_await client.call(platform, std::move(request));
    if (answered.has_error()) co_return answered.error();
    if (answered->is_success() && !answered->data()) {
        co_return partners::unusable_answer(platform,
                                            "answers without data when asked for its " + what);
    }
    if (!answered->is_success()) {
        co_return partners::unusable_answer(
            platform, "does not give its " + what + ": " + answered->describe());
    }
    co_return answered;
}

/// The side of the interface that an endpoint is; std::nullopt when its role is none of OCPI's.
/// That of `credentials` has no meaning: whatever it is, it is taken for SENDER [OCPI versions,
/// Endpoint].
std::optional<interface_role> read_side(json::value entry, std::string_view identifier)
{
    const auto role = entry.find_string("role");
    if (identifier == "credentials" || role == "SENDER") return interface_role::sender;
    if (role == "RECEIVER") return interface_role::receiver;
    return std::nullopt;
}

std::optional<endpoint> read_endpoint(json::value entry)
{
    const auto identifier = entry.find_string("identifier");
    const auto url = entry.find_string("url");
    const auto side = read_side(entry, identifier);
    if (identifier.empty() || url.empty() || !side) return std::nullopt;
    return endpoint(std::string(identifier), *side, std::string(url));
}

bool has(const std::vector<endpoint>& endpoints, std::string_view identifier)
{
    return std::any_of(endpoints.begin(), endpoints.end(), [identifier](const endpoint& each) {
        return each.identifier == identifier;
    });
}

}  // namespace

boost::asio::awaitable<result<std::vector<offered_version>>> fetch_versions(
    partners::platform_client client, partners::platform_access platform, std::string versions_url,
    std::vector<protocol::version> accepted)
{
    auto answered = co_await get(client, platform, "versions", std::move(versions_url));
    if (answered.has_error()) co_return answered.error();
    const auto list = answered->data();
    if (!list->is(json::kind::array)) {
        co_return partners::unusable_answer(platform, "gives versions that are no list");
    }
    std::vector<offered_version> common;
    for (auto entry : *list) {
        const auto version = protocol::parse_version(entry.find_string("version"));
        const auto url = entry.find_string("url");
        if (!version || url.empty()) continue;
        if (std::find(accepted.begin(), accepted.end(), *version) == accepted.end()) continue;
        offered_version offered;
        offered.version = *version;
        offered.url = url;
        common.push_back(std::move(offered));
    }
    if (common.empty()) {
        co_return error(errc::version_mismatch,
                        platform.name + " offers none of the OCPI versions asked for");
    }
    std::stable_sort(
        common.begin(), common.end(),
        [](const offered_version& a, const offered_version& b) { return a.version > b.version; });
    co_return common;
}

boost::asio::awaitable<result<std::vector<partners::endpoint>>> fetch_endpoints(
    partners::platform_client client, partners::platform_access platform, offered_version version)
{
    auto answered = co_await get(client, platform, "version details", std::move(version.url));
    if (answered.has_error()) co_return answered.error();
    const auto list = answered->data()->find("endpoints");
    if (!list || !list->is(json::kind::array)) {
        co_return partners::unusable_answer(platform, "gives version details without endpoints");
    }
    std::vector<endpoint> endpoints;
    for (auto entry : *list) {
        auto read = read_endpoint(entry);
        if (!read) continue;
        const bool is_known =
            std::any_of(endpoints.begin(), endpoints.end(), [&](const endpoint& each) {
                return each.identifier == read->identifier && each.role == read->role;
            });
        if (!is_known) endpoints.push_back(std::move(*read));
    }
    co_return endpoints;
}

result<void> check_endpoints(const std::vector<partners::endpoint>& endpoints)
{
    for (const char* needed : {"credentials", "sessions"}) {
        if (!has(endpoints, needed)) {
            return error(
                errc::endpoints_missing,
                std::string("the version details name no endpoint of the module ") + needed);
        }
    }
    return {};
}

}  // namespace ocpi::credentials
