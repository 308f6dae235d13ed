#include "crud/sqlite/record_copy.hpp"

#include "crud/sqlite/database.hpp"
#include "crud/sqlite/migrations.hpp"
#include "crud/sqlite/of_file.hpp"
#include "crud/sqlite/partial_file.hpp"
#include "crud/sqlite/record_source.hpp"
#include "crud/sqlite/records.hpp"
#include "crud/sqlite/sqlite_error.hpp"
#include "crud/sqlite/statement.hpp"
#include "crud/sqlite/transaction.hpp"
#include "crud/sqlite/write_transaction.hpp"

#include <sqlite3.h>

#include <chrono>
#include <optional>
#include <stdexcept>
#include <utility>

namespace ocpi::crud::sqlite {
namespace {

/// Of the log, while a copy is written.
constexpr int pages_between_checkpoints = 4000;

/// Long enough for a command that is about to end.
constexpr std::chrono::milliseconds lock_timeout{1000};

/// As of_file(), of a file that no one else may have open.
template <class Work>
auto of_own_file(const std::string& path, Work work)
{
    return of_file(path, [&] {
        try {
            return work();
        } catch (const sqlite_error& failure) {
            if (failure.primary_code() != SQLITE_BUSY) throw;
            throw std::runtime_error("a server or another program has " + path +
                                     " open: stop it first");
        }
    });
}

/// A database that no other process may open meanwhile.
class locked_source final : public record_source {
public:
    explicit locked_source(const std::string& path) : path_(path)
    {
        of_own_file(path_, [&] { open(); });
    }

    store_numbers latest() override
    {
        return of_own_file(path_, [&] { return records_->latest(); });
    }
    std::uint64_t count() override
    {
        return of_own_file(path_, [&] { return records_->count(); });
    }
    std::vector<stored_record> read() override
    {
        return of_own_file(path_, [&] { return records_->read(); });
    }

private:
    void open()
    {
        database_options options;
        options.path = path_;
        options.must_exist = true;
        options.busy_timeout = lock_timeout;
        connection_.emplace(options);
        require_known_schema(*connection_);
        // Takes what is in a log that a killed server has left. Fails while another process has the
        // file open.
        connection_->execute("PRAGMA journal_mode = DELETE");
        connection_->execute("BEGIN EXCLUSIVE");
        connection_->execute("PRAGMA query_only = ON");
        records_.emplace(*connection_);
    }

    const std::string path_;
    std::optional<database> connection_;
    std::optional<sqlite_record_source> records_;
};

/// The target's own table, which is dropped at the end.
constexpr const char* make_progress =
    "CREATE TABLE migration (source TEXT NOT NULL, revision INTEGER NOT NULL, "
    "sequence INTEGER NOT NULL, reached INTEGER NOT NULL) STRICT";

class file_sink final : public record_sink {
public:
    explicit file_sink(const std::string& path)
        : file_(path, ".migrating", partial_file::use::resumed)
    {
    }

    std::uint64_t begin(const copy_origin& origin) override
    {
        return of_own_file(file_.path(), [&] {
            open();
            const auto reached = find_reached(origin);
            if (reached) return *reached;
            clear();
            start(origin);
            return std::uint64_t{0};
        });
    }

    void write(const std::vector<stored_record>& records) override
    {
        of_own_file(file_.path(), [&] {
            write_transaction in(*connection_);
            for (const auto& each : records) {
                const auto sequence = static_cast<std::int64_t>(each.sequence);
                if (restore_record(in, each.module, each.record, sequence)) continue;
                throw std::runtime_error(file_.path() + " has two records " + each.module + ' ' +
                                         each.record.document.key.folded());
            }
            save_reached(static_cast<std::int64_t>(records.back().sequence));
            in.commit();
            if (connection_->log_pages() >= pages_between_checkpoints) connection_->checkpoint();
        });
    }

    std::unique_ptr<record_source> read_back() override
    {
        return std::make_unique<sqlite_record_source>(*connection_);
    }

    void finish() override
    {
        of_own_file(file_.path(), [&] {
            {
                transaction last(*connection_, transaction::kind::write);
                connection_->execute(
                    "UPDATE latest_number SET revision = (SELECT revision FROM migration), "
                    "sequence = (SELECT sequence FROM migration)");
                connection_->execute("DROP TABLE migration");
                last.commit();
            }
            connection_->execute("PRAGMA journal_mode = DELETE");
            connection_.reset();
        });
        file_.publish();
    }

private:
    void open()
    {
        database_options options;
        options.path = file_.path();
        options.must_exist = true;
        options.busy_timeout = lock_timeout;
        connection_.emplace(options);
    }

    /// std::nullopt: of another state of the same source, or of none.
    std::optional<std::uint64_t> find_reached(const copy_origin& origin)
    {
        {
            query finding(*connection_, "SELECT 1 FROM sqlite_schema WHERE name = 'migration'");
            if (!finding.step()) return std::nullopt;
        }
        require_known_schema(*connection_);
        query reading(*connection_, "SELECT source, revision, sequence, reached FROM migration");
        if (!reading.step()) return std::nullopt;
        const copy_origin present{reading.text(0),
                                  {static_cast<revision>(reading.integer(1)),
                                   static_cast<std::uint64_t>(reading.integer(2))}};
        if (present.source != origin.source) {
            throw std::runtime_error(file_.path() + " is an unfinished copy of " + present.source +
                                     ": finish that one first, by the same command again, or "
                                     "remove the file");
        }
        if (present != origin) return std::nullopt;
        return static_cast<std::uint64_t>(reading.integer(3));
    }

    /// Makes an empty file of it, as SQLite's own way is.
    void clear()
    {
        const int on =
            sqlite3_db_config(connection_->handle(), SQLITE_DBCONFIG_RESET_DATABASE, 1, nullptr);
        if (on != SQLITE_OK) connection_->fail("clearing the file");
        connection_->execute("VACUUM");
        sqlite3_db_config(connection_->handle(), SQLITE_DBCONFIG_RESET_DATABASE, 0, nullptr);
        connection_.reset();
        open();
    }

    void start(const copy_origin& origin)
    {
        migrate(*connection_);
        transaction first(*connection_, transaction::kind::write);
        connection_->execute(make_progress);
        {
            query adding(*connection_, "INSERT INTO migration VALUES (?, ?, ?, 0)");
            adding.bind(origin.source).bind(static_cast<std::int64_t>(origin.latest.revision));
            adding.bind(static_cast<std::int64_t>(origin.latest.sequence)).step();
        }
        first.commit();
    }

    void save_reached(std::int64_t sequence)
    {
        query(*connection_, "UPDATE migration SET reached = ?").bind(sequence).step();
    }

    partial_file file_;
    std::optional<database> connection_;
};

}  // namespace

std::unique_ptr<record_source> open_record_source(const std::string& path)
{
    return std::make_unique<locked_source>(path);
}

std::unique_ptr<record_sink> open_record_sink(const std::string& path)
{
    for (const char* suffix : {"", "-wal", "-shm", "-journal"}) require_absent(path + suffix);
    return std::make_unique<file_sink>(path);
}

}  // namespace ocpi::crud::sqlite
