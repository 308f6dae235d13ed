#include "http/router.hpp"

#include <algorithm>
#include <utility>

namespace ocpi::http {
namespace {

std::vector<std::string> split_pattern(std::string_view pattern)
{
    std::vector<std::string> segments;
    while (!pattern.empty()) {
        pattern.remove_prefix(1);  // the slash
        const auto segment = pattern.substr(0, pattern.find('/'));
        segments.emplace_back(segment.starts_with('{') ? std::string_view() : segment);
        pattern.remove_prefix(segment.size());
    }
    return segments;
}

bool fits(const route& candidate, const std::vector<std::string>& segments)
{
    return std::equal(candidate.segments.begin(), candidate.segments.end(), segments.begin(),
                      segments.end(), [](const std::string& pattern, const std::string& segment) {
                          return pattern.empty() ? !segment.empty() : pattern == segment;
                      });
}

void allow(std::string& allowed, std::string_view method)
{
    if (!allowed.empty()) allowed += ", ";
    allowed += method;
}

}  // namespace

void router::add(interface_kind kind, std::string method, std::string_view pattern,
                 http::handler answer_with)
{
    route added;
    added.kind = kind;
    added.method = std::move(method);
    added.segments = split_pattern(pattern);
    added.pattern = pattern;
    added.handler = std::move(answer_with);
    routes_.push_back(std::move(added));
}

router::match router::find(std::string_view method, const std::vector<std::string>& segments) const
{
    const std::string_view wanted = method == "HEAD" ? "GET" : method;
    match found;
    for (const auto& candidate : routes_) {
        if (!fits(candidate, segments)) continue;
        found.kind = candidate.kind;
        if (found.pattern.empty() || candidate.method == wanted) found.pattern = candidate.pattern;
        if (candidate.method == wanted) found.route = &candidate;
        allow(found.allowed, candidate.method);
        if (candidate.method == "GET") allow(found.allowed, "HEAD");
    }
    if (found.route) {
        for (std::size_t i = 0; i < segments.size(); ++i) {
            if (found.route->segments[i].empty()) found.parameters.push_back(segments[i]);
        }
    }
    return found;
}

}  // namespace ocpi::http
