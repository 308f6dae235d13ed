#include "crud/sqlite/page_copy.hpp"

#include "crud/sqlite/database.hpp"
#include "crud/sqlite/sqlite_error.hpp"

#include <sqlite3.h>

#include <memory>

namespace ocpi::crud::sqlite {
namespace {

/// One MiB of them.
constexpr int pages_per_step = 256;

struct finish_backup {
    void operator()(sqlite3_backup* backup) const noexcept { sqlite3_backup_finish(backup); }
};

}  // namespace

void copy_pages(database& source, database& target,
                const std::function<void(std::uint64_t done, std::uint64_t total)>& report)
{
    const std::unique_ptr<sqlite3_backup, finish_backup> backup(
        sqlite3_backup_init(target.handle(), "main", source.handle(), "main"));
    if (!backup) target.fail("copying the database");
    for (int code = SQLITE_OK; code != SQLITE_DONE;) {
        code = sqlite3_backup_step(backup.get(), pages_per_step);
        if (code != SQLITE_OK && code != SQLITE_DONE) {
            throw sqlite_error("copying the database", sqlite3_errstr(code), code);
        }
        const auto total = sqlite3_backup_pagecount(backup.get());
        const auto left = sqlite3_backup_remaining(backup.get());
        report(static_cast<std::uint64_t>(total - left), static_cast<std::uint64_t>(total));
    }
}

}  // namespace ocpi::crud::sqlite
