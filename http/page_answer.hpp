#pragma once

#include "crud/crud.hpp"
#include "http/answer.hpp"
#include "http/call.hpp"
#include "http/list_turns.hpp"
#include "ocpi/protocol/paging.hpp"

#include <boost/asio/awaitable.hpp>

#include <functional>
#include <memory>
#include <string>

namespace ocpi::http {

/// Parses the paging parameters of a list's query. errc::invalid names every bad or repeated one.
result<protocol::page_request> read_page_request(const call& call,
                                                 const protocol::page_limits& limits,
                                                 bool converts_timestamps);

/// The query with the times, offset and limit of the request.
crud::list_query part_of(crud::list_query list, const protocol::page_request& request);

/// The answer with one page: X-Total-Count, X-Limit, and, except on the last page, a Link to the
/// next one, which keeps every filter of this request and begins after the last object of this
/// page. `list_url` is the list's absolute URL without a query.
answer make_page_answer(const call& call, const protocol::page_request& request,
                        std::string list_url, crud::page page);

/// Options shared by the paged lists of a server.
struct list_options {
    protocol::page_limits limits;
    /// Not null.
    std::shared_ptr<list_turns> turns = std::make_shared<list_turns>(list_limits());
};

/// Source of a list's objects and their conversion.
struct list_source {
    std::function<boost::asio::awaitable<result<crud::page>>(crud::list_query)> read;
    /// Converts a stored JSON text to the one sent.
    std::function<std::string(std::string)> translate;
    /// The list_url of make_page_answer.
    std::string url;
};

/// Answers a paged list [transport and format, pagination]: waits for the caller's turn, reads the
/// page of records selected by `visible`, and writes it. The answer holds the turn.
boost::asio::awaitable<answer> answer_page(const call& call, const list_options& options,
                                           crud::list_query visible, list_source source);

}  // namespace ocpi::http
