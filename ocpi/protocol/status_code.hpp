#pragma once

#include "ocpi/base/error.hpp"

namespace ocpi::protocol {

/// OCPI status codes used here [OCPI status codes].
enum class status_code {
    success = 1000,
    client_error = 2000,
    invalid_parameters = 2001,
    server_error = 3000,
    unusable_client_api = 3001,
    unsupported_version = 3002,
    no_matching_endpoints = 3003,
};

struct answer_status {
    /// HTTP status on OCPI paths, where the envelope has the details.
    int http;
    status_code ocpi;
    /// HTTP status under /v1, where there is no envelope.
    int management_http;
};

/// The only table from errors to answers; docs/errors.md explains it.
answer_status status_of(errc code) noexcept;

/// `Not Found` for 404, …: the title of problem details under /v1.
const char* http_reason(int http_status) noexcept;

}  // namespace ocpi::protocol
