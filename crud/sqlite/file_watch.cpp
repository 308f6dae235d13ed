#include "crud/sqlite/file_watch.hpp"

#include <algorithm>
#include <filesystem>
#include <stdexcept>

namespace ocpi::crud::sqlite {

file_watch::file_watch(const std::string& database)
    : directory_(std::filesystem::path(database).parent_path().string())
{
    files_[0].path = database;
    files_[1].path = database + "-wal";
    files_[2].path = database + "-shm";
    for (watched& each : files_) each.identity = identify(each.path);
}

bool file_watch::is_in_place(const watched& file) noexcept
{
    return identify(file.path) == file.identity;
}

bool file_watch::are_in_place() const noexcept
{
    return std::all_of(files_.begin(), files_.end(), is_in_place);
}

bool file_watch::seem_in_place() const noexcept
{
    constexpr auto look_again_after = std::chrono::seconds(1);
    // In this order: a thread that looks lets the last look end before it forgets what happened.
    const bool is_quiet = directory_.is_quiet();
    const auto now = clock::now().time_since_epoch();
    if (is_quiet && now.count() < holds_until_.load()) return true;
    const std::lock_guard lock(looking_);
    holds_until_ = 0;
    directory_.forget();
    if (!are_in_place()) return false;
    holds_until_ = (now + look_again_after).count();
    return true;
}

void file_watch::require_in_place() const
{
    for (const watched& each : files_) {
        if (is_in_place(each)) continue;
        const char* const what = identify(each.path) ? " was replaced" : " was removed";
        throw std::runtime_error(each.path + what +
                                 " while the server had it open; nothing is read or written until "
                                 "that very file is back, or the server is started again");
    }
}

}  // namespace ocpi::crud::sqlite
