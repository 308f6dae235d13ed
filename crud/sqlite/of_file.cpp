#include "crud/sqlite/of_file.hpp"

#include "crud/sqlite/backup.hpp"

#include <sqlite3.h>

#include <stdexcept>

namespace ocpi::crud::sqlite {

void fail_at(const std::string& path, const sqlite_error& failure)
{
    switch (failure.primary_code()) {
        case SQLITE_CORRUPT: throw damaged_database(path + " is damaged: " + failure.what());
        case SQLITE_NOTADB: throw damaged_database(path + " is no SQLite database");
        case SQLITE_FULL: throw std::runtime_error("no space is left to write " + path);
        default: throw std::runtime_error(path + ": " + failure.what());
    }
}

}  // namespace ocpi::crud::sqlite
