#include "crud/page_bound.hpp"

#include "crud/search.hpp"

#include <algorithm>

namespace ocpi::crud {

bool byte_bound::admit(std::size_t bytes) noexcept
{
    if (bytes > left_ && !is_empty_) return false;
    left_ -= std::min<std::uint64_t>(left_, bytes);
    is_empty_ = false;
    return true;
}

namespace {

/// Admits records from the first on, and erases the others.
template <class Page>
void shorten_back(Page& listed, std::uint64_t max_bytes)
{
    byte_bound bound(max_bytes);
    auto& records = listed.records;
    const auto beyond = std::find_if(records.begin(), records.end(), [&](const record& each) {
        return !bound.admit(each.document.json.size());
    });
    if (beyond == records.end()) return;
    records.erase(beyond, records.end());
    listed.is_last_page = false;
}

}  // namespace

void shorten(page& listed, const list_query& wanted)
{
    shorten_back(listed, wanted.max_bytes);
}

void shorten(sorted_page& listed, const sorted_query& wanted)
{
    const bool is_upwards = wanted.range.goes_upwards();
    if (is_upwards) std::reverse(listed.records.begin(), listed.records.end());
    shorten_back(listed, wanted.max_bytes);
    if (is_upwards) std::reverse(listed.records.begin(), listed.records.end());
}

void shorten(changes_page& listed, const changes_query& wanted)
{
    shorten_back(listed, wanted.max_bytes);
}

void shorten(search_page& listed, const search_query& wanted)
{
    const auto count = listed.records.size();
    if (wanted.before) std::reverse(listed.records.begin(), listed.records.end());
    shorten_back(listed, wanted.max_bytes);
    if (listed.records.size() < count) listed.reached = place_of(listed.records.back().document);
    if (wanted.before) std::reverse(listed.records.begin(), listed.records.end());
}

}  // namespace ocpi::crud
