#pragma once

#include "http/answer.hpp"
#include "http/call.hpp"
#include "ocpi/base/error.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace ocpi::http {

/// Parameters of a list under /v1: `?after=&before=&pageSize=`. A cursor names the object that the
/// page follows or precedes; callers take it from an earlier page.
struct cursor_request {
    /// The page after this object.
    std::optional<std::string> after;
    /// The page before this object.
    std::optional<std::string> before;
    std::uint64_t page_size = 50;
};

inline constexpr std::uint64_t max_page_size = 100;

/// errc::malformed_http (400) when a parameter is sent twice, a cursor is empty, both are sent, or
/// pageSize is not a number from 1 to max_page_size.
result<cursor_request> read_cursor_request(const call& call);

/// The error above for an invalid cursor.
error bad_cursor(std::string name);

/// A page and the cursors to its neighbours; std::nullopt without a neighbour.
struct cursor_page {
    /// JSON texts.
    std::vector<std::string> objects;
    std::optional<std::string> before;
    std::optional<std::string> after;
};

/// `{"data":[…],"pagination":{"before":…,"after":…}}`, in one buffer.
answer make_cursor_answer(cursor_page page);

/// Indexes [first, last) of a page in a list that is entirely in memory. Error as above when the
/// cursor is not in the list.
struct index_range {
    std::size_t first = 0;
    std::size_t last = 0;
};
result<index_range> find_page(const std::vector<std::string>& cursors,
                              const cursor_request& wanted);

/// Adds the cursors from that part of the list to its neighbours.
void add_cursors(cursor_page& page, const std::vector<std::string>& cursors, index_range part);

}  // namespace ocpi::http
