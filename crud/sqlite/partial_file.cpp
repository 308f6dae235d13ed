#include "crud/sqlite/partial_file.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <stdexcept>
#include <system_error>
#include <utility>

namespace ocpi::crud::sqlite {
namespace {

[[noreturn]] void fail_with(const std::string& doing, int cause)
{
    throw std::runtime_error(doing + ": " + std::generic_category().message(cause));
}

/// What SQLite writes beside a database. It would take one that is left over for a part of the new
/// file.
void remove_side_files(const std::string& database)
{
    for (const char* suffix : {"-journal", "-wal", "-shm"}) {
        ::unlink((database + suffix).c_str());
    }
}

/// Some file systems cannot rename without replacing; there the file is looked for before.
void rename_unless_taken(const std::string& from, const std::string& to)
{
    if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0) return;
    if (errno == EEXIST) throw std::runtime_error(to + " exists; it is not replaced");
    if (errno != EINVAL && errno != ENOSYS) fail_with("cannot write " + to, errno);
    require_absent(to);
    if (::rename(from.c_str(), to.c_str()) != 0) fail_with("cannot write " + to, errno);
}

void sync_directory_of(const std::string& path)
{
    auto directory = std::filesystem::path(path).parent_path().string();
    if (directory.empty()) directory = ".";
    const int opened = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const int outcome = opened < 0 ? -1 : ::fsync(opened);
    const int cause = errno;
    if (opened >= 0) ::close(opened);
    // EINVAL: a file system that has no such thing.
    if (outcome != 0 && cause != EINVAL) fail_with("cannot sync " + directory, cause);
}

}  // namespace

void require_absent(const std::string& path)
{
    struct stat status = {};
    if (::lstat(path.c_str(), &status) == 0) {
        throw std::runtime_error(path + " exists; it is not replaced");
    }
    if (errno != ENOENT) fail_with("cannot write " + path, errno);
}

partial_file::partial_file(std::string path) : partial_file(std::move(path), ".partial", use::fresh)
{
}

partial_file::partial_file(std::string path, const std::string& suffix, use of)
    : target_(std::move(path)), partial_(target_ + suffix), use_(of)
{
    require_absent(target_);
    constexpr int owner_alone = 0600;
    file_ = ::open(partial_.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, owner_alone);
    if (file_ < 0) fail_with("cannot write " + partial_, errno);
    if (::flock(file_, LOCK_EX | LOCK_NB) != 0) {
        const int cause = errno;
        ::close(file_);
        if (cause == EWOULDBLOCK) {
            throw std::runtime_error("another process is writing " + partial_);
        }
        fail_with("cannot lock " + partial_, cause);
    }
    if (use_ == use::resumed) return;
    remove_side_files(partial_);
    if (::ftruncate(file_, 0) != 0 || ::fchmod(file_, owner_alone) != 0) {
        const int cause = errno;
        ::close(file_);
        fail_with("cannot write " + partial_, cause);
    }
}

partial_file::~partial_file()
{
    if (!is_published_ && use_ == use::fresh) {
        remove_side_files(partial_);
        ::unlink(partial_.c_str());
    }
    ::close(file_);
}

void partial_file::publish()
{
    if (::fsync(file_) != 0) fail_with("cannot write " + partial_, errno);
    rename_unless_taken(partial_, target_);
    is_published_ = true;
    sync_directory_of(target_);
}

}  // namespace ocpi::crud::sqlite
