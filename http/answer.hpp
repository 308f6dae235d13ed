#pragma once

#include "http/message.hpp"
#include "ocpi/base/error.hpp"

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace ocpi::http {

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

}  // namespace ocpi::http
