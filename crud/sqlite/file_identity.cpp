#include "crud/sqlite/file_identity.hpp"

#include <sys/stat.h>

namespace ocpi::crud::sqlite {

std::optional<file_identity> identify(const std::string& path) noexcept
{
    struct stat status = {};
    if (::stat(path.c_str(), &status) != 0) return {};
    return file_identity{static_cast<std::uint64_t>(status.st_dev),
                         static_cast<std::uint64_t>(status.st_ino)};
}

}  // namespace ocpi::crud::sqlite
