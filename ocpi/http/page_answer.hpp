#pragma once

#include "crud/crud.hpp"
#include "ocpi/http/router.hpp"
#include "ocpi/protocol/paging.hpp"

#include <string>

namespace ocpi::http {

/// Reads the paging parameters of a list's query. errc::invalid names every bad one, also one
/// that was sent twice.
result<protocol::page_request> read_page_request(const call& call,
                                                 const protocol::page_limits& limits,
                                                 bool converts_timestamps);

/// The part of a list that is asked for: the query with the request's times, offset and limit.
crud::list_query part_of(crud::list_query list, const protocol::page_request& request);

/// The answer that carries one page: X-Total-Count, X-Limit, and, unless it is the last page, a
/// Link to the next one that keeps every filter of this request. `list_url` is the list's own
/// absolute URL, without a query.
answer make_page_answer(const call& call, const protocol::page_request& request,
                        std::string list_url, const crud::page& page);

}  // namespace ocpi::http
