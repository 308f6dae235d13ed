#pragma once

#include "auth/principal.hpp"
#include "http/message.hpp"
#include "http/target.hpp"
#include "ocpi/base/date_time.hpp"
#include "ocpi/base/error.hpp"
#include "ocpi/protocol/routing_headers.hpp"

#include <boost/asio/awaitable.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ocpi::http {

/// One request on its way to a handler, with all that the pipeline found out about it. Lives
/// until the handler has answered.
struct call {
    const http::request& request;
    const http::target& target;
    const auth::principal& caller;
    /// What the placeholders of the route stand for, in order, decoded.
    const std::vector<std::string>& parameters;
    /// From the OCPI routing headers; checked against our parties and the caller's.
    const protocol::routing& routing;
    /// The moment at which the request is handled.
    date_time now;
};

/// What a handler answers: data, or an error together with headers that explain it. On OCPI
/// paths it goes into an envelope, under /v1 the data is the body.
struct answer {
    int status = 200;
    /// A JSON text, or empty.
    std::string data;
    /// For a person, or empty.
    std::string message;
    http::headers headers;
    /// When set, the body is what this gives, as it is, on OCPI paths too: data and message do
    /// not count, and the headers name its Content-Type.
    std::shared_ptr<body_stream> stream;
    /// Given back once the answer has been sent; may be null.
    std::shared_ptr<const void> held;
    /// When set, status, data, message and stream do not count.
    std::optional<error> failure;

    answer() = default;
    answer(error because) : failure(std::move(because)) {}
};

/// The answer to a method that the path knows but does not offer to this caller.
answer method_not_allowed(std::string allowed);

/// Tells the caller in the answer's message what was tolerated; of many such things the first.
void name_tolerated(answer& answered, const std::vector<std::string>& tolerated);

using handler = std::function<boost::asio::awaitable<answer>(const call&)>;

/// The kinds of interface that differ in who may call, in routing headers and in the form of the
/// answer. The first two are OCPI's own terms [transport and format, message routing].
enum class interface_kind {
    configuration,  ///< versions, credentials: also open to a registration token, never routed
    functional,     ///< sessions, tariffs, …: routed; no driver's app has business there
    management,     ///< /v1: plain JSON and RFC 9457 problem details
};

struct route {
    interface_kind kind = interface_kind::functional;
    std::string method;
    /// Segments that must match to the letter; an empty one is a placeholder for any segment.
    std::vector<std::string> segments;
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
        /// Of the path, whatever the method; nothing when the path is not known.
        std::optional<interface_kind> kind;
        /// nullptr when the path is unknown or does not offer the method.
        const http::route* route = nullptr;
        std::vector<std::string> parameters;
        /// The methods that a known path offers, for the Allow header; empty: unknown path.
        std::string allowed;
    };

    /// A path that offers GET offers HEAD as well.
    match find(std::string_view method, const std::vector<std::string>& segments) const;

    /// All that was added, in that order.
    const std::vector<route>& routes() const noexcept { return routes_; }

private:
    std::vector<route> routes_;
};

}  // namespace ocpi::http
