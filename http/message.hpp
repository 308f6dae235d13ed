#pragma once

#include <boost/asio/ip/address.hpp>

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ocpi::http {

class body_stream;
struct request_report;

struct header {
    std::string name;
    std::string value;

    header() = default;
    header(std::string field, std::string content)
        : name(std::move(field)), value(std::move(content))
    {
    }
};

/// Header fields in the order received or to be sent. Names are compared without regard to
/// case.
class headers {
public:
    void add(std::string name, std::string value)
    {
        if (fields_.capacity() == 0) fields_.reserve(8);
        fields_.emplace_back(std::move(name), std::move(value));
    }

    /// The first field of that name, or nullptr.
    const std::string* find(std::string_view name) const noexcept;

    auto begin() const noexcept { return fields_.begin(); }
    auto end() const noexcept { return fields_.end(); }

private:
    std::vector<header> fields_;
};

/// A request as handlers see it: no socket, no parser.
struct request {
    /// Upper-case as on the wire: `GET`, `PUT`, …
    std::string method;
    /// Path and query as on the wire, percent-encoded.
    std::string target;
    http::headers headers;
    std::string body;
    /// The other end of the connection: a client, or a proxy; unspecified (0.0.0.0) when not known.
    boost::asio::ip::address peer;
    /// Completed by the pipeline for an observer of requests; nullptr: there is none.
    std::shared_ptr<request_report> report;
};

struct response {
    int status = 200;
    http::headers headers;
    std::string body;
    /// When set, it supplies the body and `body` is ignored. The receiver of the response reads it
    /// to its end or closes it.
    std::shared_ptr<body_stream> stream;
    /// Resources held until the response has been sent, such as a caller's list turn; may be null.
    std::shared_ptr<const void> held;
};

}  // namespace ocpi::http
