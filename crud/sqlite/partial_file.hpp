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
    /// `suffix` in place of ".partial". One that is resumed keeps what is in it and beside it, also
    /// when it is not published.
    enum class use { fresh, resumed };
    partial_file(std::string path, const std::string& suffix, use of);
    ~partial_file();
    partial_file(const partial_file&) = delete;
    partial_file& operator=(const partial_file&) = delete;

    /// Where to write: PATH.partial, empty at first unless it is resumed.
    const std::string& path() const noexcept { return partial_; }

    /// Brings the file and its name to the disk. Throws std::runtime_error, also when there is a
    /// file at the path meanwhile. Close what else has the file open before.
    void publish();

private:
    const std::string target_;
    const std::string partial_;
    const use use_;
    int file_ = -1;
    bool is_published_ = false;
};

/// Throws std::runtime_error when there is a file at the path, naming it.
void require_absent(const std::string& path);

}  // namespace ocpi::crud::sqlite
