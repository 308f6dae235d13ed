#include "app/progress_bar.hpp"

#include <algorithm>

namespace ocpi::app {
namespace {

double share_of(std::uint64_t done, std::uint64_t total)
{
    return total == 0 ? 1.0 : static_cast<double>(done) / static_cast<double>(total);
}

}  // namespace

std::string draw_bar(std::uint64_t done, std::uint64_t total, std::size_t width)
{
    const auto filled = std::min(
        width, static_cast<std::size_t>(share_of(done, total) * static_cast<double>(width)));
    return '[' + std::string(filled, '#') + std::string(width - filled, '.') + ']';
}

std::string percent_of(std::uint64_t done, std::uint64_t total)
{
    return std::to_string(static_cast<int>(100.0 * share_of(done, total))) + '%';
}

std::string draw_step_line(const std::string& step, std::uint64_t done, std::uint64_t total,
                           std::size_t columns)
{
    const auto room = columns > 0 ? columns - 1 : 0;
    auto text = step;
    if (done > 0) text += ' ' + std::to_string(done);
    if (total > 0) {
        if (done == 0) text += " 0";
        text += '/' + std::to_string(total) + ' ' + percent_of(done, total);
        constexpr std::size_t frame = 3;  // two brackets and a blank
        const auto used = text.size() + frame;
        const auto bar = used < room ? std::min(room - used, max_bar_width) : 0;
        if (bar >= min_bar_width) text.insert(0, draw_bar(done, total, bar) + ' ');
    }
    return text.substr(0, room);
}

void step_display::show(const std::string& step, std::uint64_t done, std::uint64_t total)
{
    if (line_.is_terminal()) {
        line_.draw(draw_step_line(step, done, total, line_.columns()));
    } else if (shown_ != step) {
        std::fprintf(out_, "%s\n", step.c_str());
        std::fflush(out_);
    }
    shown_ = step;
}

}  // namespace ocpi::app
