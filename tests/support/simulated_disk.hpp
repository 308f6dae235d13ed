#pragma once

#include <cstdint>
#include <map>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace ocpi::test {

/// What a disk would hold of some files after a loss of power: what was synchronised, and of what
/// was not any part. After a failed fsync the operating system takes what it could not write for
/// written; only what is written later can still reach the disk. Not thread safe.
class simulated_disk {
public:
    /// A file is opened; what it holds when it is opened first is on the disk.
    void open(const std::string& path);
    void write(const std::string& path, std::uint64_t offset, std::string_view bytes);
    void truncate(const std::string& path, std::uint64_t size);
    void synchronise(const std::string& path);
    void fail_to_synchronise(const std::string& path, std::minstd_rand& random);
    void remove(const std::string& path);

    /// Makes the real files what the disk holds after a loss of power. They must not be open.
    void restore(std::minstd_rand& random);

private:
    struct change {
        std::uint64_t offset = 0;
        std::string bytes;
        bool is_truncation = false;
    };
    struct file {
        std::string durable;
        std::vector<change> pending;
    };

    static void apply(file& to, const change& each);

    std::map<std::string, file> files_;
};

}  // namespace ocpi::test
