#pragma once

#include "crud/crud.hpp"

#include <cstddef>
#include <cstdint>

/// How a page keeps to max_bytes of a query.
namespace ocpi::crud {

/// Counts the bytes of a page while it fills.
class byte_bound {
public:
    explicit byte_bound(std::uint64_t max_bytes) : left_(max_bytes) {}

    /// True when a record of so many bytes still belongs to the page, as the first always does.
    bool admit(std::size_t bytes) noexcept;

private:
    std::uint64_t left_;
    bool is_empty_ = true;
};

/// Drops the records that exceed the query's max_bytes, for stores that ignore it; the page
/// is then not the last one. Does nothing to a page that keeps to it.
void shorten(page& listed, const list_query& wanted);
void shorten(sorted_page& listed, const sorted_query& wanted);
void shorten(changes_page& listed, const changes_query& wanted);
void shorten(search_page& listed, const search_query& wanted);

}  // namespace ocpi::crud
