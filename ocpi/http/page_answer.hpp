#pragma once

#include "ocpi/http/router.hpp"
#include "ocpi/protocol/paging.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace ocpi::http {

/// Reads the paging parameters of a list's query. errc::invalid names every bad one, also one
/// that was sent twice.
result<protocol::page_request> read_page_request(const call& call,
                                                 const protocol::page_limits& limits,
                                                 bool accept_offset_timestamps);

/// What a page of a list is made of.
struct page_content {
    /// The list's own absolute URL, without a query.
    std::string list_url;
    /// The objects as JSON texts.
    std::vector<std::string_view> objects;
    std::uint64_t total = 0;
    bool is_last_page = true;
};

/// The answer that carries one page: X-Total-Count, X-Limit, and, unless it is the last page, a
/// Link to the next one that keeps every filter of this request.
answer make_page_answer(const call& call, const protocol::page_request& request,
                        const page_content& page);

}  // namespace ocpi::http
