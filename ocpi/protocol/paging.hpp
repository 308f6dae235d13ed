#pragma once

#include "ocpi/base/date_time.hpp"
#include "ocpi/base/error.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace ocpi::protocol {

/// How many objects a page holds [transport and format, pagination].
struct page_limits {
    std::uint64_t default_limit = 50;
    std::uint64_t max_limit = 1000;
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
    /// Names of parameters whose DateTime was converted.
    std::vector<std::string> tolerated;
};

/// errc::invalid for a DateTime that is none, a negative or fractional offset, a limit below 1,
/// and for parameters that are there but empty. A DateTime with an offset
/// from UTC or in another foreign form (parse_foreign_date_time) is accepted on demand.
result<page_request> read_page_request(const page_parameters& sent, const page_limits& limits,
                                       bool converts_timestamps);

}  // namespace ocpi::protocol
