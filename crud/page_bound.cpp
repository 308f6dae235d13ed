#include "crud/page_bound.hpp"

#include <algorithm>

namespace ocpi::crud {

bool byte_bound::admit(std::size_t bytes) noexcept
{
    if (bytes > left_ && !is_empty_) return false;
    left_ -= std::min<std::uint64_t>(left_, bytes);
    is_empty_ = false;
    return true;
}

bool goes_upwards(const list_query& wanted) noexcept
{
    return wanted.ranked && wanted.ranked->above && !wanted.ranked->below;
}

void shorten(page& listed, const list_query& wanted)
{
    auto& records = listed.records;
    byte_bound bound(wanted.max_bytes);
    const auto is_beyond = [&bound](const record& each) {
        return !bound.admit(each.document.json.size());
    };
    const auto before = records.size();
    if (goes_upwards(wanted)) {
        const auto beyond = std::find_if(records.rbegin(), records.rend(), is_beyond);
        records.erase(records.begin(), beyond.base());
    } else {
        records.erase(std::find_if(records.begin(), records.end(), is_beyond), records.end());
    }
    if (records.size() < before) listed.is_last_page = false;
}

}  // namespace ocpi::crud
