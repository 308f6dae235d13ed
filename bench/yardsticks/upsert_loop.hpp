#pragma once

#include "bench/load/process_sample.hpp"
#include "bench/load/session_bodies.hpp"
#include "bench/load/wall_clock.hpp"

#include <cstdint>
#include <cstdio>
#include <string>
#include <utility>

/// Upserts sessions of the same bytes as load_client's put_new and put_existing, by one key, in
/// batches of one commit each: what a store is compared with.
namespace ocpi::bench {

inline constexpr int existing_sessions = 20'000;

/// The body of a session with its places filled, as it would be stored.
inline std::string stored_body(int periods)
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

inline void write_digits(std::string& text, std::size_t at, long long number)
{
    for (auto i = at + 8; i > at; number /= 10) text[--i] = static_cast<char>('0' + number % 10);
}

struct upsert_loop {
    bool is_existing = true;
    double seconds = 3;
    int batch = 128;
    int periods = 1;
};

/// `to` has begin(), upsert(key, body) and commit(). Prints a line of JSON as load_client does.
template <class Database>
void run_upsert_loop(Database& to, const upsert_loop& wanted)
{
    auto body = stored_body(wanted.periods);
    const auto id_at = body.find("LOAD") + 4;
    const auto kwh_at = body.find(R"("kwh":1)") + 7;
    std::string key = "BE/BEC/LOAD00000000";
    const auto write_batch = [&](long long place, long long stride, long long count) {
        to.begin();
        for (int i = 0; i < wanted.batch; ++i) {
            const auto number = (place + i) * stride % count;
            write_digits(key, key.size() - 8, number);
            write_digits(body, id_at, number);
            write_digits(body, kwh_at, place + i);
            to.upsert(key, body);
        }
        to.commit();
    };
    constexpr long long all_numbers = 100'000'000;
    if (wanted.is_existing) {
        for (int i = 0; i < existing_sessions; i += wanted.batch) write_batch(i, 1, all_numbers);
    }
    long long rows = 0;
    const auto began = steady_nanoseconds();
    const auto cpu_before = own_cpu_seconds();
    const auto end = began + static_cast<std::int64_t>(wanted.seconds * 1e9);
    for (; steady_nanoseconds() < end; rows += wanted.batch) {
        if (wanted.is_existing) {
            write_batch(rows, 7919, existing_sessions);
        } else {
            write_batch(rows, 1, all_numbers);
        }
    }
    const auto took = static_cast<double>(steady_nanoseconds() - began) / 1e9;
    const auto cpu_seconds = own_cpu_seconds() - cpu_before;
    std::printf(
        "{\"workload\":\"%s\",\"seconds\":%.3f,\"requests\":%lld,\"requests_per_second\":%.1f,"
        "\"body_bytes\":%zu,\"server_cpu_us_per_request\":%.1f}\n",
        wanted.is_existing ? "existing" : "new", took, rows, static_cast<double>(rows) / took,
        body.size(), cpu_seconds * 1e6 / static_cast<double>(rows));
}

}  // namespace ocpi::bench
