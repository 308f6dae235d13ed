#include "ocpi/protocol/status_code.hpp"

namespace ocpi::protocol {

answer_status status_of(errc code) noexcept
{
    switch (code) {
        case errc::malformed_http: return {400, status_code::client_error, 400};
        case errc::unreadable: return {400, status_code::invalid_parameters, 400};
        // A request that can be read, on a resource that exists, must not get an HTTP error.
        case errc::invalid: return {200, status_code::invalid_parameters, 422};
        case errc::unauthenticated: return {401, status_code::client_error, 401};
        case errc::not_found: return {404, status_code::invalid_parameters, 404};
        case errc::method_not_allowed: return {405, status_code::client_error, 405};
        case errc::timed_out: return {408, status_code::client_error, 408};
        case errc::body_too_large: return {413, status_code::client_error, 413};
        case errc::header_too_large: return {431, status_code::client_error, 431};
        case errc::too_many_requests: return {429, status_code::client_error, 429};
        case errc::overloaded: return {503, status_code::server_error, 503};
        case errc::partner_failure: return {200, status_code::unusable_client_api, 502};
        case errc::version_mismatch: return {200, status_code::unsupported_version, 502};
        case errc::endpoints_missing: return {200, status_code::no_matching_endpoints, 502};
        case errc::already_exists:
        case errc::conflict: return {200, status_code::server_error, 409};
        case errc::storage: return {200, status_code::server_error, 503};
        case errc::lease_lost: return {200, status_code::server_error, 503};
        case errc::internal: break;
    }
    return {200, status_code::server_error, 500};
}

const char* http_reason(int http_status) noexcept
{
    switch (http_status) {
        case 400: return "Bad Request";
        case 401: return "Unauthorized";
        case 404: return "Not Found";
        case 405: return "Method Not Allowed";
        case 408: return "Request Timeout";
        case 409: return "Conflict";
        case 413: return "Content Too Large";
        case 422: return "Unprocessable Content";
        case 429: return "Too Many Requests";
        case 431: return "Request Header Fields Too Large";
        case 500: return "Internal Server Error";
        case 502: return "Bad Gateway";
        case 503: return "Service Unavailable";
        default: return "Error";
    }
}

}  // namespace ocpi::protocol
