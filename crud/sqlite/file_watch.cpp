#include "crud/sqlite/file_watch.hpp"

#include <algorithm>
#include <stdexcept>

namespace ocpi::crud::sqlite {

file_watch::file_watch(const std::string& database)
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
