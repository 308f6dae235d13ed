// A bare SQLite loop, to compare durable writes with: upserts sessions of the same bytes as
// load_client's put_new and put_existing by one key, in batches of 128, each a commit with
// synchronous=FULL on a write-ahead log. yardstick_sqlite FILE [new|existing] [SECONDS] [BATCH]
// [PERIODS]; prints one JSON line. FILE must not exist; it is removed at the end.

#include "bench/yardsticks/upsert_loop.hpp"

#include <sqlite3.h>

#include <cstdlib>
#include <exception>
#include <filesystem>
#include <iostream>
#include <stdexcept>
#include <string>

namespace {

using namespace ocpi::bench;

class database {
public:
    explicit database(const std::string& path) : path_(path)
    {
        if (std::filesystem::exists(path)) throw std::runtime_error(path + " exists");
        check(::sqlite3_open(path.c_str(), &connection_));
        run("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
            "CREATE TABLE session(number INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, "
            "body TEXT NOT NULL)");
        check(::sqlite3_prepare_v2(connection_,
                                   "INSERT INTO session(key, body) VALUES(?1, ?2) "
                                   "ON CONFLICT(key) DO UPDATE SET body = ?2",
                                   -1, &upsert_, nullptr));
    }
    database(const database&) = delete;
    database& operator=(const database&) = delete;
    ~database()
    {
        ::sqlite3_finalize(upsert_);
        ::sqlite3_close(connection_);
        for (const char* end : {"", "-wal", "-shm"}) std::filesystem::remove(path_ + end);
    }

    void run(const char* statements)
    {
        check(::sqlite3_exec(connection_, statements, nullptr, nullptr, nullptr));
    }
    void begin() { run("BEGIN IMMEDIATE"); }
    void commit() { run("COMMIT"); }
    void upsert(const std::string& key, const std::string& body)
    {
        ::sqlite3_bind_text(upsert_, 1, key.data(), static_cast<int>(key.size()), SQLITE_STATIC);
        ::sqlite3_bind_text(upsert_, 2, body.data(), static_cast<int>(body.size()), SQLITE_STATIC);
        if (::sqlite3_step(upsert_) != SQLITE_DONE) check(SQLITE_ERROR);
        ::sqlite3_reset(upsert_);
    }

private:
    void check(int outcome)
    {
        if (outcome != SQLITE_OK) throw std::runtime_error(::sqlite3_errmsg(connection_));
    }

    std::string path_;
    sqlite3* connection_ = nullptr;
    sqlite3_stmt* upsert_ = nullptr;
};

}  // namespace

int main(int argc, char** argv)
{
    const std::string kind = argc > 2 ? argv[2] : "existing";
    upsert_loop wanted;
    wanted.is_existing = kind == "existing";
    if (argc > 3) wanted.seconds = std::strtod(argv[3], nullptr);
    if (argc > 4) wanted.batch = std::atoi(argv[4]);
    if (argc > 5) wanted.periods = std::atoi(argv[5]);
    if (argc < 2 || (kind != "new" && kind != "existing") || wanted.batch < 1) {
        std::cerr << "usage: yardstick_sqlite FILE [new|existing] [SECONDS] [BATCH] [PERIODS]\n";
        return 2;
    }
    try {
        database to(argv[1]);
        run_upsert_loop(to, wanted);
    } catch (const std::exception& failure) {
        std::cerr << "yardstick_sqlite: " << failure.what() << '\n';
        return 2;
    }
}
