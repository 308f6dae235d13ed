// How changes get their order on PostgreSQL: three ways beside one another (docs/scaling.md).
//   order_of_change URL [SECONDS]
// The URL is of a scratch database of PostgreSQL, where this program drops and makes its tables.
// Connections upsert batches of rows of 0.6 kB in two trips, as the store does: the first locks the
// rows, the second writes them and commits.
//   first    one counter gives the revisions; its row is locked in the first trip
//   last     the same in the second trip, when the rows are locked
//   horizon  no counter: a row has the id of its transaction, and readers read what is below every
//            transaction that is under way
// A reader follows the changes meanwhile, and must have read each row once. In the
// last lines a further transaction, which has written a row of another table, stays open for two
// seconds.

#include "bench/load/latency_histogram.hpp"
#include "bench/load/wall_clock.hpp"
#include "bench/postgres/pipeline.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <map>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace {

using namespace ocpi::bench;

constexpr std::int64_t all_rows = 100'000;
constexpr std::size_t body_size = 600;

enum class method { first, last, horizon };

const char* name_of(method of)
{
    switch (of) {
        case method::first: return "first";
        case method::last: return "last";
        case method::horizon: return "horizon";
    }
    return "";
}

void make_tables(const std::string& url)
{
    pipeline to(url);
    to.execute("SET client_min_messages = warning; DROP TABLE IF EXISTS entry, counter, other");
    to.execute(
        "CREATE TABLE entry (module text COLLATE \"C\" NOT NULL, id bigint NOT NULL, "
        "revision bigint NOT NULL, writer xid8 NOT NULL, batch bigint NOT NULL, "
        "json bytea NOT NULL, PRIMARY KEY (module, id));"
        "CREATE INDEX entry_by_revision ON entry (module, revision) WHERE revision > 0;"
        "CREATE INDEX entry_by_writer ON entry (module, writer) WHERE revision = 0;"
        "CREATE TABLE counter (revision bigint NOT NULL) WITH (fillfactor = 10);"
        "INSERT INTO counter VALUES (0);"
        "CREATE TABLE other (number bigint)");
    to.execute(
        "INSERT INTO entry SELECT 'sessions', i, 0, '0', 0, convert_to(repeat('x', 600), 'UTF8') "
        "FROM generate_series(0, 99999) AS i");
    to.execute("VACUUM ANALYZE entry");
    to.execute("CHECKPOINT");
}

/// What one run shares: the acknowledged batches, with the place in the order of change of each.
struct course {
    method by = method::first;
    int batch = 1;
    int connections = 1;
    std::atomic<bool> is_over{false};
    std::atomic<std::int64_t> next_batch{1};
    std::mutex mutex;
    latency_histogram latencies;
    std::int64_t rows = 0;
    /// No row was written twice, so that a reader has read each of them.
    bool is_each_once = true;
    /// By place: when it was acknowledged.
    std::map<std::int64_t, std::int64_t> acknowledged;
    /// The first failure of any thread.
    std::string failure;
};

void prepare_writes(pipeline& on)
{
    on.prepare("begin", "BEGIN");
    on.prepare("commit", "COMMIT");
    on.prepare("lock",
               "SELECT id FROM entry WHERE module = 'sessions' AND id = ANY ($1::bigint[]) "
               "ORDER BY id FOR UPDATE");
    on.prepare("count", "UPDATE counter SET revision = revision + $1::bigint RETURNING revision");
    on.prepare("place", "SELECT pg_current_xact_id()::text::bigint");
    // The revision of a row is computed in SQL, from the counter that this transaction has locked.
    const std::string insert = "INSERT INTO entry (module, id, revision, writer, batch, json) ";
    const std::string update =
        " ON CONFLICT (module, id) DO UPDATE SET revision = excluded.revision, "
        "writer = excluded.writer, batch = excluded.batch, json = excluded.json";
    on.prepare("write_numbered",
               insert +
                   "SELECT 'sessions', v.id, c.revision - $3::bigint + v.place, '0', $4::bigint, "
                   "v.json FROM unnest($1::bigint[], $2::bytea[]) WITH ORDINALITY "
                   "AS v (id, json, place), counter AS c" +
                   update);
    on.prepare("write_stamped",
               insert +
                   "SELECT 'sessions', v.id, 0, pg_current_xact_id(), $3::bigint, v.json "
                   "FROM unnest($1::bigint[], $2::bytea[]) AS v (id, json)" +
                   update);
}

/// One batch; returns its place in the order of change.
std::int64_t write_batch(pipeline& on, method by, const std::vector<std::int64_t>& ids,
                         const std::vector<std::string>& bodies, std::int64_t batch)
{
    const auto rows = static_cast<std::int64_t>(ids.size());
    const auto of_ids = binary_value::numbers(ids);
    on.add("begin");
    if (by == method::first) on.add("count", {binary_value::number(rows)});
    on.add("lock", {of_ids});
    const auto locked = on.run();
    if (locked.back().size() != static_cast<int>(rows)) throw std::runtime_error("rows are gone");
    std::int64_t place = by == method::first ? locked[1].number(0, 0) : 0;
    if (by == method::last) on.add("count", {binary_value::number(rows)});
    if (by == method::horizon) {
        on.add("place");
        on.add("write_stamped",
               {of_ids, binary_value::byte_arrays(bodies), binary_value::number(batch)});
    } else {
        on.add("write_numbered", {of_ids, binary_value::byte_arrays(bodies),
                                  binary_value::number(rows), binary_value::number(batch)});
    }
    on.add("commit");
    const auto written = on.run();
    if (by != method::first) place = written.front().number(0, 0);
    return place;
}

/// Writes rows that no other connection writes, as sessions have one CPO each.
void write(const std::string& url, course& in, int number)
try {
    pipeline on(url);
    prepare_writes(on);
    std::vector<std::string> bodies(static_cast<std::size_t>(in.batch),
                                    std::string(body_size, 'y'));
    latency_histogram latencies;
    std::int64_t rows = 0;
    std::vector<std::pair<std::int64_t, std::int64_t>> acknowledged;
    for (std::int64_t at = 0; !in.is_over;) {
        std::vector<std::int64_t> ids;
        for (int i = 0; i < in.batch; ++i, ++at) {
            ids.push_back(at * 7919 % (all_rows / in.connections) * in.connections + number);
        }
        std::sort(ids.begin(), ids.end());
        const auto began = steady_nanoseconds();
        const auto place = write_batch(on, in.by, ids, bodies, in.next_batch++);
        const auto now = steady_nanoseconds();
        latencies.add(now - began);
        rows += in.batch;
        acknowledged.emplace_back(place, now);
    }
    const std::lock_guard lock(in.mutex);
    in.latencies.add(latencies);
    in.rows += rows;
    if (rows > all_rows / in.connections) in.is_each_once = false;
    in.acknowledged.insert(acknowledged.begin(), acknowledged.end());
} catch (const std::exception& failure) {
    const std::lock_guard lock(in.mutex);
    in.failure = failure.what();
    in.is_over = true;
}

/// Follows the changes until `until`, and notes up to which place it had read when.
class reader {
public:
    reader(const std::string& url, method by) : on_(url), by_(by)
    {
        const std::string columns = "SELECT revision, writer::text::bigint, batch FROM entry ";
        on_.prepare("revision", "SELECT revision FROM counter");
        on_.prepare("numbered", columns +
                                    "WHERE module = 'sessions' AND revision > $1::bigint AND "
                                    "revision > 0 AND revision <= $2::bigint");
        on_.prepare("below", "SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint");
        on_.prepare("stamped", columns +
                                   "WHERE module = 'sessions' AND revision = 0 AND "
                                   "writer >= $1::text::xid8 AND writer < $2::text::xid8");
        // What was there before does not concern it.
        reached_ = find_end();
    }

    void poll()
    {
        const auto end = find_end();
        if (end > reached_) {
            const auto text = [this](std::int64_t number) {
                return by_ == method::horizon ? binary_value::text(std::to_string(number))
                                              : binary_value::number(number);
            };
            on_.add(by_ == method::horizon ? "stamped" : "numbered", {text(reached_), text(end)});
            rows_ += on_.run().front().size();
            reached_ = end;
        }
        seen_.emplace_back(reached_, steady_nanoseconds());
    }

    /// Between the acknowledgement of a batch and the end of the poll that has read it.
    latency_histogram lags(const course& in) const
    {
        latency_histogram lags;
        for (const auto& [place, at] : in.acknowledged) {
            // The horizon is the first place that is not read yet.
            const auto needed = by_ == method::horizon ? place + 1 : place;
            const auto seen = std::lower_bound(
                seen_.begin(), seen_.end(), needed,
                [](const auto& each, std::int64_t value) { return each.first < value; });
            if (seen == seen_.end()) throw std::runtime_error("the reader has missed a batch");
            lags.add(seen->second - at);
        }
        return lags;
    }

    std::int64_t reached() const { return reached_; }
    std::int64_t rows() const { return rows_; }

private:
    std::int64_t find_end()
    {
        on_.add(by_ == method::horizon ? "below" : "revision");
        return on_.run().front().number(0, 0);
    }

    pipeline on_;
    method by_;
    std::int64_t reached_ = 0;
    std::int64_t rows_ = 0;
    std::vector<std::pair<std::int64_t, std::int64_t>> seen_;
};

void follow(course& in, reader& by)
try {
    while (!in.is_over) {
        by.poll();
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
} catch (const std::exception& failure) {
    const std::lock_guard lock(in.mutex);
    in.failure = failure.what();
    in.is_over = true;
}

void stay_open(const std::string& url, std::chrono::milliseconds time)
{
    pipeline on(url);
    on.execute("BEGIN; INSERT INTO other VALUES (1)");
    std::this_thread::sleep_for(time);
    on.execute("COMMIT");
}

void measure(const std::string& url, method by, int batch, int connections, double seconds,
             bool with_open_transaction)
{
    course in;
    in.by = by;
    in.batch = batch;
    in.connections = connections;
    reader reads(url, by);
    std::thread reading([&] { follow(in, reads); });
    std::vector<std::thread> writers;
    const auto began = steady_nanoseconds();
    for (int i = 0; i < connections; ++i) writers.emplace_back([&, i] { write(url, in, i); });
    const auto time = std::chrono::milliseconds(static_cast<int>(seconds * 1000));
    if (with_open_transaction) {
        std::this_thread::sleep_for(time / 2);
        stay_open(url, std::chrono::seconds(2));
        std::this_thread::sleep_for(time / 2);
    } else {
        std::this_thread::sleep_for(time);
    }
    in.is_over = true;
    for (auto& each : writers) each.join();
    reading.join();
    if (!in.failure.empty()) throw std::runtime_error(in.failure);
    const auto took = static_cast<double>(steady_nanoseconds() - began) / 1e9;
    const auto end = in.acknowledged.rbegin()->first + (by == method::horizon ? 1 : 0);
    while (reads.reached() < end) reads.poll();
    reads.poll();
    if (in.is_each_once && reads.rows() != in.rows) {
        throw std::runtime_error("the reader has read " + std::to_string(reads.rows()) + " of " +
                                 std::to_string(in.rows) + " rows");
    }
    const auto lags = reads.lags(in);
    std::printf("| %s | %d | %d | %.0f | %.1f | %.1f | %.0f | %.0f |%s\n", name_of(by), batch,
                connections, static_cast<double>(in.rows) / took, in.latencies.percentile(0.5),
                in.latencies.percentile(0.99), lags.percentile(0.5), lags.percentile(0.99),
                with_open_transaction ? " with a transaction open for 2 s" : "");
    std::fflush(stdout);
}

}  // namespace

int main(int argc, char** argv)
{
    if (argc < 2) {
        std::cerr << "usage: order_of_change URL [SECONDS]\n";
        return 2;
    }
    const std::string url = argv[1];
    const double seconds = argc > 2 ? std::strtod(argv[2], nullptr) : 4;
    try {
        make_tables(url);
        std::printf(
            "| order | batch | connections | writes/s | p50 of a batch, ms | p99, ms | "
            "lag of a reader, ms | p99, ms |\n| --- | --- | --- | --- | --- | --- | --- | "
            "--- |\n");
        constexpr method methods[] = {method::first, method::last, method::horizon};
        for (const int batch : {1, 16, 128}) {
            for (const int connections : {1, 2, 4}) {
                for (const auto by : methods) {
                    measure(url, by, batch, connections, seconds, false);
                }
            }
        }
        for (const auto by : methods) measure(url, by, 128, 2, seconds, true);
    } catch (const std::exception& failure) {
        std::cerr << "order_of_change: " << failure.what() << '\n';
        return 1;
    }
}
