#include "modules/sessions/settled_rank.hpp"

#include <chrono>
#include <utility>

namespace ocpi::sessions {
namespace {

/// Stands before every digit, with which the rank of a settled session begins.
constexpr char awaiting_mark = '!';
/// The characters before and after all digits.
constexpr const char* below_settled = "/";
constexpr const char* above_settled = ":";

/// With milliseconds always, so that the order of texts is that of instants.
std::string with_milliseconds(date_time instant)
{
    auto text = to_string(instant);
    const bool has_milliseconds = text.find('.') != std::string::npos;
    if (!has_milliseconds) text.insert(text.size() - 1, ".000");
    return text;
}

}  // namespace

std::string settled_rank(date_time settled_at, const std::string& view_id)
{
    return with_milliseconds(settled_at) + '/' + view_id;
}

std::string awaiting_rank(date_time ended_at, const std::string& view_id)
{
    return awaiting_mark + settled_rank(ended_at, view_id);
}

bool is_settled_rank(const std::string& rank) noexcept
{
    return !rank.empty() && rank.front() != awaiting_mark;
}

crud::sort_range all_settled()
{
    return settled_below(above_settled);
}

crud::sort_range settled_below(std::string rank)
{
    crud::sort_range range;
    range.below = std::move(rank);
    range.above = below_settled;
    return range;
}

crud::sort_range settled_above(std::string rank)
{
    crud::sort_range range;
    range.above = std::move(rank);
    return range;
}

crud::sort_range awaiting_since(date_time ended_at)
{
    const date_time next(ended_at.instant() + std::chrono::milliseconds(1));
    crud::sort_range range;
    range.below = awaiting_mark + with_milliseconds(next);
    range.above = std::string(1, awaiting_mark);
    return range;
}

}  // namespace ocpi::sessions
