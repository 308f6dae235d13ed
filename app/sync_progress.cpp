#include "app/sync_progress.hpp"

#include "app/progress_bar.hpp"

#include <algorithm>

namespace ocpi::app {
namespace {

using exchange::pull_summary;

/// The partner's count, corrected where the sessions that came prove it too low.
std::uint64_t total_of(const pull_summary& so_far)
{
    return std::max(so_far.total.value_or(0), so_far.done());
}

/// `450/1000 45%`, or `450 sessions` when nobody knows how many there are.
std::string count_of(const pull_summary& so_far)
{
    const auto done = std::to_string(so_far.done());
    if (!so_far.total) return done + " sessions";
    const auto total = total_of(so_far);
    return done + '/' + std::to_string(total) + ' ' + percent_of(so_far.done(), total);
}

}  // namespace

std::string describe_sync(const pull_summary& summary)
{
    return "applied " + std::to_string(summary.applied) + ", unchanged " +
           std::to_string(summary.unchanged) + ", invalid " + std::to_string(summary.invalid) +
           " in " + std::to_string(summary.pages) + " pages";
}

std::string draw_sync_bar(const pull_summary& so_far, std::size_t columns)
{
    const auto room = columns > 0 ? columns - 1 : 0;
    auto text = count_of(so_far);
    const auto details = ", applied " + std::to_string(so_far.applied) + ", invalid " +
                         std::to_string(so_far.invalid);
    constexpr std::size_t frame = 3;  // of the bar: two brackets and a blank
    const auto bar_with = [&](std::size_t text_size) {
        const auto used = text_size + frame;
        return used < room && so_far.total ? std::min(room - used, max_bar_width) : 0;
    };
    // The bar goes before the details, the count before the bar.
    if (!so_far.total || bar_with(text.size() + details.size()) >= min_bar_width) text += details;
    const auto bar = bar_with(text.size());
    if (bar >= min_bar_width) text.insert(0, draw_bar(so_far.done(), total_of(so_far), bar) + ' ');
    return text.substr(0, room);
}

std::string describe_sync_step(const pull_summary& so_far)
{
    return "page " + std::to_string(so_far.pages) + ": " + count_of(so_far) + ", applied " +
           std::to_string(so_far.applied) + ", invalid " + std::to_string(so_far.invalid);
}

bool is_logged_page(std::uint64_t page) noexcept
{
    while (page >= 10 && page % 10 == 0) page /= 10;
    return page < 10;
}

void sync_progress::show(const pull_summary& so_far)
{
    if (line_.is_terminal()) {
        line_.draw(draw_sync_bar(so_far, line_.columns()));
    } else if (is_logged_page(so_far.pages)) {
        std::fprintf(out_, "%s\n", describe_sync_step(so_far).c_str());
        std::fflush(out_);
    }
}

}  // namespace ocpi::app
