#pragma once

#include "crud/sqlite/sqlite_error.hpp"

#include <string>

namespace ocpi::crud::sqlite {

/// Throws damaged_database, or std::runtime_error, with a text that names the file.
[[noreturn]] void fail_at(const std::string& path, const sqlite_error& failure);

/// Runs `work` and names the file in what SQLite throws.
template <class Work>
auto of_file(const std::string& path, Work work)
{
    try {
        return work();
    } catch (const sqlite_error& failure) {
        fail_at(path, failure);
    }
}

}  // namespace ocpi::crud::sqlite
