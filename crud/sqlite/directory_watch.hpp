#pragma once

#include <string>

namespace ocpi::crud::sqlite {

/// Notices that something is created, removed or renamed in a directory: one quick call to the
/// kernel, where looking at each file takes several. Safe from any thread.
class directory_watch {
public:
    explicit directory_watch(const std::string& directory);
    ~directory_watch();
    directory_watch(const directory_watch&) = delete;
    directory_watch& operator=(const directory_watch&) = delete;

    /// False when something has happened since forget(), or cannot be noticed here.
    bool is_quiet() const noexcept;
    void forget() noexcept;

private:
    /// Of inotify; -1: there is none.
    int handle_;
};

}  // namespace ocpi::crud::sqlite
