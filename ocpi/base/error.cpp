#include "ocpi/base/error.hpp"

#include <stdexcept>
#include <utility>

namespace ocpi {

std::string_view to_string(errc code) noexcept
{
    switch (code) {
        case errc::malformed_http: return "malformed_http";
        case errc::unreadable: return "unreadable";
        case errc::invalid: return "invalid";
        case errc::unauthenticated: return "unauthenticated";
        case errc::not_found: return "not_found";
        case errc::method_not_allowed: return "method_not_allowed";
        case errc::timed_out: return "timed_out";
        case errc::body_too_large: return "body_too_large";
        case errc::header_too_large: return "header_too_large";
        case errc::already_exists: return "already_exists";
        case errc::conflict: return "conflict";
        case errc::too_many_requests: return "too_many_requests";
        case errc::overloaded: return "overloaded";
        case errc::storage: return "storage";
        case errc::lease_lost: return "lease_lost";
        case errc::partner_failure: return "partner_failure";
        case errc::version_mismatch: return "version_mismatch";
        case errc::endpoints_missing: return "endpoints_missing";
        case errc::internal: return "internal";
    }
    return "unknown";
}

error::error(errc code, std::string text, std::string pointer, std::string log_text)
    : code_(code),
      text_(std::move(text)),
      pointer_(std::move(pointer)),
      log_text_(std::move(log_text))
{
}

void throw_exception_from_error(const error& failure, const boost::source_location& where)
{
    std::string what = "result accessed without a value at ";
    what += where.to_string();
    what += ": ";
    what += failure.text();
    throw std::logic_error(what);
}

}  // namespace ocpi
