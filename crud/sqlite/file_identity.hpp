#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>

namespace ocpi::crud::sqlite {

/// Which file lies under a path, as long as it exists: another one that takes its place has another
/// identity.
struct file_identity {
    std::uint64_t device = 0;
    std::uint64_t inode = 0;

    friend auto operator<=>(const file_identity&, const file_identity&) noexcept = default;
};

/// std::nullopt when there is no file, or none that can be read.
std::optional<file_identity> identify(const std::string& path) noexcept;

}  // namespace ocpi::crud::sqlite
