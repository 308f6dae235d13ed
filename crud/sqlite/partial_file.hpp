#pragma once

#include <string>

namespace ocpi::crud::sqlite {

/// A file that is written as PATH.partial and gets its name only when it is whole: no crash leaves
/// half a file under the name. Readable by its owner alone. Removed unless it was published; one
/// that a killed process has left is taken over.
class partial_file {
public:
    /// Throws std::runtime_error when there is a file at the path, when another process is writing
    /// the same file, or when it cannot be created.
    explicit partial_file(std::string path);
    ~partial_file();
    partial_file(const partial_file&) = delete;
    partial_file& operator=(const partial_file&) = delete;

    /// Where to write: PATH.partial, empty at first.
    const std::string& path() const noexcept { return partial_; }

    /// Brings the file and its name to the disk. Throws std::runtime_error, also when there is a
    /// file at the path meanwhile. Close what else has the file open before.
    void publish();

private:
    const std::string target_;
    const std::string partial_;
    int file_ = -1;
    bool is_published_ = false;
};

/// Throws std::runtime_error when there is a file at the path, naming it.
void require_absent(const std::string& path);

}  // namespace ocpi::crud::sqlite
