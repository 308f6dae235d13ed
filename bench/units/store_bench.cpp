// What the SQLite store needs for writes of 64 writers at a time, disk included.

#include "crud/sqlite/sqlite_crud.hpp"
#include "modules/sessions/session_record.hpp"
#include "ocpi/base/uuid.hpp"

#include <benchmark/benchmark.h>
#include <sys/resource.h>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace ocpi::bench {
namespace {

constexpr int writers = 64;
constexpr int sessions = 20'000;

std::string padded(int number, std::size_t width)
{
    auto text = std::to_string(number);
    return std::string(width - text.size(), '0') + text;
}

/// A session of 0.6 kB as it is stored after its write number `version`.
crud::document session(int number, int version)
{
    const date_time changed(date_time::from_milliseconds(1'800'000'000'000 + version * 20));
    const auto id = "SESS" + padded(number, 8);
    const auto contract = "ES8ABC" + padded(number % 4'000, 8);
    std::string text = R"({"country_code":"BE","party_id":"BEC","id":")" + id +
                       R"(","start_date_time":"2027-01-15T08:00:00Z","kwh":)" +
                       std::to_string(version) +
                       R"(.25,"cdr_token":{"country_code":"ES","party_id":"ABC","uid":"04A1B2C3",)"
                       R"("type":"RFID","contract_id":")" +
                       contract +
                       R"("},"auth_method":"WHITELIST","location_id":"LOC00001",)"
                       R"("evse_uid":"BE*BEC*E000001","connector_id":"1","currency":"EUR",)"
                       R"("charging_periods":[],"status":"ACTIVE","last_updated":")" +
                       to_string(changed) + R"(","padding":")";
    text.append(600 - std::min<std::size_t>(text.size(), 560), 'x') += "\"}";
    crud::document made(crud::object_key("BE", "BEC", id), std::move(text), changed,
                        party("ES", "ABC"));
    made.secondary_key = "BE:BEC:" + id;
    made.contract = ci_string(contract);
    crud::summary known;
    known.category = "active";
    known.started_at = date_time::from_milliseconds(1'799'999'000'000 + number);
    known.kwh = version * 1'000'000LL;
    known.cost = version * 300'000LL;
    known.currency = "EUR";
    known.search_text = "BE BEC " + id + " " + contract + " LOC00001 BE*BEC*E000001";
    made.summary = std::move(known);
    return made;
}

class store {
public:
    store() : directory_(std::filesystem::temp_directory_path() / ("store_bench_" + make_uuid()))
    {
        std::filesystem::create_directory(directory_);
        crud::sqlite_options options;
        options.path = (directory_ / "sessions.db").string();
        options.queue_capacity = 1024;
        crud_ = std::make_unique<crud::sqlite_crud>(options);
        revisions_.resize(sessions);
    }
    ~store()
    {
        crud_.reset();
        std::filesystem::remove_all(directory_);
    }

    /// Writes that many sessions, new ones as long as there are any.
    void write(int count)
    {
        boost::asio::io_context context;
        remaining_ = count;
        for (int i = 0; i < writers; ++i) {
            boost::asio::co_spawn(context, write_some(), boost::asio::detached);
        }
        context.run();
    }

    bool is_full() const { return created_ >= sessions; }

private:
    boost::asio::awaitable<void> write_some()
    {
        while (remaining_-- > 0) {
            const bool is_new = created_ < sessions;
            auto number = is_new ? created_++ : static_cast<int>(random_() % sessions);
            while (!is_new && busy_.contains(number))
                number = static_cast<int>(random_() % sessions);
            busy_.insert(number);
            auto document = session(number, ++version_);
            auto written =
                is_new ? co_await crud_->create("sessions", crud::interface_side::receiver,
                                                std::move(document))
                       : co_await crud_->update("sessions", crud::interface_side::receiver,
                                                std::move(document),
                                                revisions_[static_cast<std::size_t>(number)]);
            revisions_[static_cast<std::size_t>(number)] = written.value();
            busy_.erase(number);
        }
    }

    std::filesystem::path directory_;
    std::unique_ptr<crud::sqlite_crud> crud_;
    std::vector<crud::revision> revisions_;
    std::set<int> busy_;
    std::mt19937 random_;
    int created_ = 0;
    int version_ = 0;
    int remaining_ = 0;
};

double processor_microseconds(const rusage& usage)
{
    const auto of = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) * 1e6 + static_cast<double>(time.tv_usec);
    };
    return of(usage.ru_utime) + of(usage.ru_stime);
}

/// Counters for each write: processor time of all threads in microseconds, minor page faults.
void measure(benchmark::State& state, store& into, int writes)
{
    rusage before{};
    getrusage(RUSAGE_SELF, &before);
    into.write(writes);
    rusage after{};
    getrusage(RUSAGE_SELF, &after);
    state.counters["cpu_us"] =
        (processor_microseconds(after) - processor_microseconds(before)) / writes;
    state.counters["faults"] = static_cast<double>(after.ru_minflt - before.ru_minflt) / writes;
    state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()) * writes);
}

void store_create(benchmark::State& state)
{
    for (auto _ : state) {
        state.PauseTiming();
        auto into = std::make_unique<store>();
        state.ResumeTiming();
        measure(state, *into, sessions);
        state.PauseTiming();
        into.reset();
        state.ResumeTiming();
    }
}

void store_update(benchmark::State& state)
{
    store into;
    into.write(sessions);
    for (auto _ : state) measure(state, into, sessions);
}

BENCHMARK(store_create)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(store_update)->Unit(benchmark::kMillisecond)->UseRealTime();

}  // namespace
}  // namespace ocpi::bench
