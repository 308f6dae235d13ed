#include "http/cors.hpp"

#include "http/target.hpp"

#include <algorithm>
#include <utility>

namespace ocpi::http {
namespace {

constexpr std::string_view any_origin = "*";

}  // namespace

cors_policy::cors_policy(std::vector<std::string> allowed_origins)
    : origins_(std::move(allowed_origins))
{
    allows_all_ = std::find(origins_.begin(), origins_.end(), any_origin) != origins_.end();
}

std::optional<std::string> cors_policy::allowed(const request& received) const
{
    const auto* origin = received.headers.find("Origin");
    if (!origin || !is_management_path(received.target)) return {};
    if (allows_all_) return std::string(any_origin);
    if (std::find(origins_.begin(), origins_.end(), *origin) == origins_.end()) return {};
    return *origin;
}

std::optional<response> cors_policy::answer_preflight(const request& received) const
{
    const bool asks =
        received.method == "OPTIONS" && received.headers.find("Access-Control-Request-Method");
    if (!asks || !allowed(received)) return {};
    response granted;
    granted.status = 204;
    granted.headers.add("Access-Control-Allow-Methods", "GET, HEAD, POST, PUT, PATCH, DELETE");
    granted.headers.add("Access-Control-Allow-Headers",
                        "Authorization, Content-Type, Last-Event-ID, X-Request-ID, "
                        "X-Correlation-ID");
    granted.headers.add("Access-Control-Max-Age", "600");
    return granted;
}

void cors_policy::add_headers(headers& answer, const request& received) const
{
    if (origins_.empty() || !is_management_path(received.target)) return;
    // A cache must not give one origin what was meant for another.
    if (!allows_all_) answer.add("Vary", "Origin");
    auto origin = allowed(received);
    if (!origin) return;
    answer.add("Access-Control-Allow-Origin", std::move(*origin));
    answer.add("Access-Control-Expose-Headers",
               "X-Request-ID, X-Correlation-ID, Location, Allow, Retry-After, WWW-Authenticate");
}

bool is_cors_origin(std::string_view text)
{
    if (text == any_origin) return true;
    if (!is_base_url(text)) return false;
    const auto host = text.substr(text.find("//") + 2);
    const bool is_upper_case =
        std::any_of(text.begin(), text.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
    return !is_upper_case && host.find_first_of("/@*?#") == std::string_view::npos;
}

}  // namespace ocpi::http
