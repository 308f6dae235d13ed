#include "app/file_limit.hpp"

#include "server/connection_set.hpp"

#include <sys/resource.h>

#include <algorithm>

namespace ocpi::app {
namespace {

constexpr std::size_t min_other_files = 64;
constexpr std::size_t max_other_files = 512;
/// The part of all files that is left to others than clients.
constexpr std::size_t other_files_divisor = 20;

}  // namespace

std::optional<std::size_t> raise_file_limit()
{
    rlimit files{};
    if (getrlimit(RLIMIT_NOFILE, &files) != 0) return std::nullopt;
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    if (getrlimit(RLIMIT_NOFILE, &files) != 0 || files.rlim_cur == RLIM_INFINITY)
        return std::nullopt;
    return static_cast<std::size_t>(files.rlim_cur);
}

std::size_t connections_within(std::optional<std::size_t> files, std::size_t wanted)
{
    if (!files) return wanted;
    const auto others = std::clamp(*files / other_files_divisor, min_other_files, max_other_files) +
                        server::connection_set::overflow_seats;
    const auto possible = *files > 2 * others ? *files - others : *files / 2;
    return std::clamp(possible, std::size_t(1), wanted);
}

}  // namespace ocpi::app
