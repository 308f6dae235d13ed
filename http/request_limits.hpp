#pragma once

#include "http/address_range.hpp"

#include <cstdint>
#include <vector>

namespace ocpi::http {

/// Limits on the requests of one token and of one address. 0: no limit.
struct request_limits {
    /// Requests of a token per second, on average; beyond it errc::too_many_requests.
    std::int64_t requests_per_second = 0;
    /// Requests of a token that may come at once; 0: as many as requests_per_second.
    std::int64_t burst = 0;
    /// Requests of a token in progress, from their header until the answer has been sent, or the
    /// head of a streamed one; beyond it errc::too_many_requests.
    std::int64_t concurrent_requests = 0;
    /// Requests of an address without a valid token per minute. Beyond it they are
    /// errc::too_many_requests; those with a valid token are not affected.
    std::int64_t failed_per_minute = 0;
    /// Reverse proxies whose Forwarded and X-Forwarded-For name the client
    /// (http/client_address.hpp).
    std::vector<address_range> trusted_proxies;
};

}  // namespace ocpi::http
