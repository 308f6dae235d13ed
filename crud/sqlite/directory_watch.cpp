#include "crud/sqlite/directory_watch.hpp"

#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <array>

namespace ocpi::crud::sqlite {

directory_watch::directory_watch(const std::string& directory)
    : handle_(::inotify_init1(IN_NONBLOCK | IN_CLOEXEC))
{
    constexpr auto events = IN_CREATE | IN_DELETE | IN_MOVE | IN_DELETE_SELF | IN_MOVE_SELF;
    if (handle_ == -1 || ::inotify_add_watch(handle_, directory.c_str(), events) != -1) return;
    ::close(handle_);
    handle_ = -1;
}

directory_watch::~directory_watch()
{
    if (handle_ != -1) ::close(handle_);
}

bool directory_watch::is_quiet() const noexcept
{
    int waiting = 0;
    return handle_ != -1 && ::ioctl(handle_, FIONREAD, &waiting) == 0 && waiting == 0;
}

void directory_watch::forget() noexcept
{
    std::array<char, 4096> events;
    while (handle_ != -1 && ::read(handle_, events.data(), events.size()) > 0) {
    }
}

}  // namespace ocpi::crud::sqlite
