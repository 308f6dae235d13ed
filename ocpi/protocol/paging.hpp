#pragma once

#include "ocpi/base/date_time.hpp"
#include "ocpi/base/error.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace ocpi::protocol {

/// How much a page holds [transport and format, pagination].
struct page_limits {
    /// Objects, where the request names no limit.
    std::uint64_t default_limit = 50;
    /// Objects at most.
    std::uint64_t max_limit = 1000;
    /// Bytes of its objects, of which there is always one at least.
    std::uint64_t max_bytes = 8 * 1024 * 1024;
};

/// The parameters of a paged list as sent; nothing for those that were not.
struct page_parameters {
    const std::string* date_from = nullptr;
    const std::string* date_to = nullptr;
    const std::string* offset = nullptr;
    const std::string* limit = nullptr;
};

/// What a paged list asks for.
struct page_request {
    /// Inclusive, on last_updated.
    std::optional<date_time> date_from;
    /// Exclusive, on last_updated.
    std::optional<date_time> date_to;
    std::uint64_t offset = 0;
    /// Already lowered to what the server allows; also the X-Limit of the answer.
    std::uint64_t limit = 0;
    /// As page_limits says; the page may hold fewer objects than `limit` for its sake.
    std::uint64_t max_bytes = 0;
    /// Names of parameters whose offset from UTC was converted.
    std::vector<std::string> tolerated;
};

/// errc::invalid for a DateTime that is none, a negative or fractional offset, a limit below 1,
/// and for parameters that are there but empty. An offset from UTC is accepted on demand.
result<page_request> read_page_request(const page_parameters& sent, const page_limits& limits,
                                       bool accept_offset_timestamps);

}  // namespace ocpi::protocol
