#pragma once

#include "http/answer.hpp"
#include "http/call.hpp"

#include <boost/asio/awaitable.hpp>

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ocpi::http {

using handler = std::function<boost::asio::awaitable<answer>(const call&)>;

/// Kinds of interfaces, which differ in permitted callers, routing headers and answer format. The
/// first two are OCPI's own terms [transport and format, message routing].
enum class interface_kind {
    configuration,  ///< versions, credentials: also open to a registration token, never routed
    functional,     ///< sessions, tariffs, …: routed; not for drivers' apps
    management,     ///< /v1: plain JSON and RFC 9457 problem details
};

struct route {
    interface_kind kind = interface_kind::functional;
    std::string method;
    /// Segments to match exactly; an empty one is a placeholder for any segment.
    std::vector<std::string> segments;
    /// The path as it was added.
    std::string pattern;
    http::handler handler;
};

/// Finds the handler for a method and a path.
class router {
public:
    /// `pattern` is a path such as `/ocpi/emsp/2.3.0/sessions/{country_code}/{party_id}/{id}`;
    /// a segment in braces stands for any text.
    void add(interface_kind kind, std::string method, std::string_view pattern,
             handler answer_with);

    struct match {
        /// Kind of the path for any method; std::nullopt when the path is unknown.
        std::optional<interface_kind> kind;
        /// nullptr when the path is unknown or does not offer the method.
        const http::route* route = nullptr;
        /// The known path as it was added, for any method; empty: unknown path.
        std::string_view pattern;
        std::vector<std::string> parameters;
        /// The methods that a known path offers, for the Allow header; empty: unknown path.
        std::string allowed;
    };

    /// A path that offers GET offers HEAD as well.
    match find(std::string_view method, const std::vector<std::string>& segments) const;

    /// All routes in the order added.
    const std::vector<route>& routes() const noexcept { return routes_; }

private:
    std::vector<route> routes_;
};

}  // namespace ocpi::http
