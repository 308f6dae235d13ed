#pragma once

#include "http/message.hpp"
#include "ocpi/base/error.hpp"

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace ocpi::http {

/// A handler's result: data, or an error with explaining headers. On OCPI paths it is wrapped in an
/// envelope; under /v1 the data is the body.
struct answer {
    int status = 200;
    /// A JSON text, or empty.
    std::string data;
    /// For a person, or empty.
    std::string message;
    http::headers headers;
    /// When set, it supplies the body unchanged, on OCPI paths too: data and message are ignored,
    /// and the headers name its Content-Type.
    std::shared_ptr<body_stream> stream;
    /// Released once the answer has been sent; may be null.
    std::shared_ptr<const void> held;
    /// When set, status, data, message and stream are ignored.
    std::optional<error> failure;

    answer() = default;
    answer(error because) : failure(std::move(because)) {}
};

/// The answer to a method that the path has but does not offer to this caller.
answer method_not_allowed(std::string allowed);

/// Adds tolerated deviations to the answer's message; only the first of many.
void name_tolerated(answer& answered, const std::vector<std::string>& tolerated);

}  // namespace ocpi::http
