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

}  // namespace ocpi::app
