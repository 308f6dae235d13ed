// A bare SQLite loop, to compare durable writes with: upserts sessions of the same bytes as
// load_client's put_new and put_existing by one key, in batches of 128, each a commit with
// synchronous=FULL on a write-ahead log. yardstick_sqlite FILE [new|existing] [SECONDS] [BATCH]
// [PERIODS]; prints one JSON line. FILE must not exist; it is removed at the end.

#include "bench/load/process_sample.hpp"
#include "bench/load/session_bodies.hpp"
#include "bench/load/wall_clock.hpp"

#include <sqlite3.h>

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <iostream>
#include <stdexcept>
#include <string>
#include <utility>

namespace {

using namespace ocpi::bench;

constexpr int existing_sessions = 20'000;

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

/// The body of a session with its places filled, as it would be stored.
std::string stored_body(int periods)
{
    auto body = active_session("LOAD", periods);
    for (const auto& [name, text] :
         {std::pair{"<number>", "00000000"}, std::pair{"<sequence>", "00000000"},
          std::pair{"<now>", "2026-01-01T10:00:00.000Z"}}) {
        const std::string place = name;
        for (auto at = body.find(place); at != std::string::npos; at = body.find(place, at)) {
            body.replace(at, place.size(), text);
        }
    }
    return body;
}

void write_number(std::string& text, std::size_t at, long long number)
{
    for (auto i = at + 8; i > at; number /= 10) text[--i] = static_cast<char>('0' + number % 10);
}

struct outcome {
    long long rows = 0;
    double seconds = 0;
    double cpu_seconds = 0;
};

outcome measure(database& to, const std::string& kind, double seconds, int batch, int periods)
{
    auto body = stored_body(periods);
    const auto id_at = body.find("LOAD") + 4;
    const auto kwh_at = body.find(R"("kwh":1)") + 7;
    std::string key = "BE/BEC/LOAD00000000";
    long long next = 0;
    const auto write_batch = [&](int rows, long long place, long long stride, long long count) {
        to.run("BEGIN IMMEDIATE");
        for (int i = 0; i < rows; ++i) {
            const auto number = (place + i) * stride % count;
            write_number(key, key.size() - 8, number);
            write_number(body, id_at, number);
            write_number(body, kwh_at, place + i);
            to.upsert(key, body);
        }
        to.run("COMMIT");
    };
    if (kind == "existing") {
        for (int i = 0; i < existing_sessions; i += batch) {
            write_batch(batch, i, 1, 100'000'000);
        }
    }
    outcome measured;
    const auto began = steady_nanoseconds();
    const auto cpu_before = own_cpu_seconds();
    const auto end = began + static_cast<std::int64_t>(seconds * 1e9);
    while (steady_nanoseconds() < end) {
        if (kind == "existing") {
            write_batch(batch, next, 7919, existing_sessions);
        } else {
            write_batch(batch, next, 1, 100'000'000);
        }
        next += batch;
    }
    measured.rows = next;
    measured.seconds = static_cast<double>(steady_nanoseconds() - began) / 1e9;
    measured.cpu_seconds = own_cpu_seconds() - cpu_before;
    return measured;
}

}  // namespace

int main(int argc, char** argv)
{
    const std::string kind = argc > 2 ? argv[2] : "existing";
    const double seconds = argc > 3 ? std::strtod(argv[3], nullptr) : 3;
    const int batch = argc > 4 ? std::atoi(argv[4]) : 128;
    const int periods = argc > 5 ? std::atoi(argv[5]) : 1;
    if (argc < 2 || (kind != "new" && kind != "existing") || batch < 1) {
        std::cerr << "usage: yardstick_sqlite FILE [new|existing] [SECONDS] [BATCH] [PERIODS]\n";
        return 2;
    }
    try {
        database to(argv[1]);
        const auto measured = measure(to, kind, seconds, batch, periods);
        const auto rows = static_cast<double>(measured.rows);
        std::printf(
            "{\"workload\":\"%s\",\"seconds\":%.3f,\"requests\":%lld,"
            "\"requests_per_second\":%.1f,\"body_bytes\":%zu,"
            "\"server_cpu_us_per_request\":%.1f}\n",
            kind.c_str(), measured.seconds, measured.rows, rows / measured.seconds,
            stored_body(periods).size(), measured.cpu_seconds * 1e6 / rows);
    } catch (const std::exception& failure) {
        std::cerr << "yardstick_sqlite: " << failure.what() << '\n';
        return 2;
    }
}
