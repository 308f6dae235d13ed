#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace ocpi::bench {

struct received_request {
    std::string method;
    std::string target;
    std::string body;
};

/// Cuts the input of one connection into requests whose body has a Content-Length.
class request_reader {
public:
    void add(std::string_view input) { unread_ += input; }

    /// The next complete request; std::nullopt until more has arrived.
    std::optional<received_request> next();

private:
    std::string unread_;
};

}  // namespace ocpi::bench
