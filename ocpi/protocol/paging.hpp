#pragma once

#include "ocpi/base/date_time.hpp"
#include "ocpi/base/error.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace ocpi::protocol {

/// Size limits of a page [transport and format, pagination].
struct page_limits {
    /// Objects when the request gives no limit.
    std::uint64_t default_limit = 50;
    /// Maximum number of objects.
    std::uint64_t max_limit = 1000;
    /// Maximum bytes of its objects; a page always holds at least one.
    std::uint64_t max_bytes = 8 * 1024 * 1024;
};

/// The parameters of a paged list as received; nullptr when absent.
struct page_parameters {
    const std::string* date_from = nullptr;
    const std::string* date_to = nullptr;
    const std::string* offset = nullptr;
    const std::string* limit = nullptr;
};

/// A parsed request for a page.
struct page_request {
    /// Inclusive, on last_updated.
    std::optional<date_time> date_from;
    /// Exclusive, on last_updated.
    std::optional<date_time> date_to;
    std::uint64_t offset = 0;
    /// Capped to the server's maximum; also the X-Limit of the answer.
    std::uint64_t limit = 0;
    /// From page_limits; the page may hold fewer objects than `limit` because of it.
    std::uint64_t max_bytes = 0;
    /// Names of parameters whose DateTime was converted.
    std::vector<std::string> tolerated;
};

/// errc::invalid for an invalid DateTime, a negative or fractional offset, a limit below 1, and for
/// empty parameters. With `converts_timestamps`, a DateTime with an offset from UTC or in another
/// foreign form (parse_foreign_date_time) is accepted.
result<page_request> read_page_request(const page_parameters& sent, const page_limits& limits,
                                       bool converts_timestamps);

}  // namespace ocpi::protocol
