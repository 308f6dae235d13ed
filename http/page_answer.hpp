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

/// Reads the paging parameters of a list's query. errc::invalid names every bad one, also one
/// that was sent twice.
result<protocol::page_request> read_page_request(const call& call,
                                                 const protocol::page_limits& limits,
                                                 bool converts_timestamps);

/// The part of a list that is asked for: the query with the request's times, offset and limit.
crud::list_query part_of(crud::list_query list, const protocol::page_request& request);

/// The answer that carries one page: X-Total-Count, X-Limit, and, unless it is the last page, a
/// Link to the next one that keeps every filter of this request and begins after the last object
/// of this page, however few they are. `list_url` is the list's own absolute URL, without a query.
answer make_page_answer(const call& call, const protocol::page_request& request,
                        std::string list_url, crud::page page);

/// What the paged lists of a server have in common.
struct list_options {
    protocol::page_limits limits;
    /// Not null.
    std::shared_ptr<list_turns> turns = std::make_shared<list_turns>(list_limits());
};

/// Where the objects of a list come from and in which form they leave.
struct list_source {
    std::function<boost::asio::awaitable<result<crud::page>>(crud::list_query)> read;
    /// Makes of a stored JSON text the one that is sent.
    std::function<std::string(std::string)> translate;
    /// As make_page_answer has it.
    std::string url;
};

/// Answers a paged list [transport and format, pagination]: waits for the caller's turn, reads the
/// page of the records that `visible` describes, and writes it. The answer holds the turn.
boost::asio::awaitable<answer> answer_page(const call& call, const list_options& options,
                                           crud::list_query visible, list_source source);

}  // namespace ocpi::http
