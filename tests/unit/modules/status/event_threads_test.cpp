// Writers and readers on many threads, on SQLite: readers that come and go miss nothing.

#include "crud/sqlite/sqlite_crud.hpp"
#include "modules/sessions/change_feed.hpp"
#include "modules/sessions/session_writer.hpp"
#include "modules/status/event_hub.hpp"
#include "tests/support/session_text.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/support/written_at.hpp"
#include "tests/unit/modules/status/event_fixture.hpp"

#include <doctest/doctest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_future.hpp>

#include <future>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

namespace event_threads_test {

using namespace ocpi;
using namespace ocpi::sessions;
using namespace ocpi::status;

namespace {

namespace asio = boost::asio;

constexpr int sessions_count = 12;
constexpr int writes_per_writer = 60;
/// Written when all else has been.
constexpr const char* last_session = "LAST";

/// What a reader knows of each session: its id and its kwh.
using known_states = std::map<std::string, std::string>;

asio::awaitable<void> write(std::shared_ptr<session_writer> store, std::string id, int kwh)
{
    const auto text =
        ocpi::test::session_text({{"id", '"' + id + '"'}, {"kwh", std::to_string(kwh)}});
    const crud::object_key key("ES", "ABC", id);
    const auto sent = read_session(text, body_kind::whole, strictness::tolerant, key);
    const auto written = co_await store->put(crud::interface_side::receiver, key, *sent,
                                             strictness::tolerant, ocpi::test::written_at);
    if (!written) throw std::runtime_error(written.error().text());
}

asio::awaitable<void> write_many(std::shared_ptr<session_writer> store, int writer)
{
    for (int i = 0; i < writes_per_writer; ++i) {
        auto id = 'S' + std::to_string((i * 5 + writer) % sessions_count);
        co_await write(store, std::move(id), writer * 1000 + i);
    }
}

/// Reads until all has been written and there is no more to read. It leaves after some pieces now
/// and then, and goes on from the last event it got.
asio::awaitable<known_states> follow(std::shared_ptr<event_hub> hub, unsigned seed,
                                     bool is_restless)
{
    std::mt19937 random(seed);
    known_states known;
    crud::revision last_seen = 0;
    int quiet_pieces = 0;
    while (quiet_pieces < 5) {
        auto subscribed = co_await hub->subscribe_all(std::nullopt, last_seen);
        if (!subscribed) throw std::runtime_error(subscribed.error().text());
        const auto stream = std::move(*subscribed);
        const auto patience = is_restless ? random() % 64 : ~0U;
        for (unsigned pieces = 0; pieces <= patience && quiet_pieces < 5; ++pieces) {
            const auto piece = co_await stream->next();
            if (!piece) throw std::runtime_error("the stream has ended");
            const auto told = status::fixtures::parse_events(*piece);
            for (const auto& event : told) {
                const auto equals = event.data.find('=');
                known[event.data.substr(0, equals)] = event.data.substr(equals + 1);
                const auto number = std::stoull(event.id);
                if (number <= last_seen) throw std::runtime_error("the numbers do not rise");
                last_seen = number;
            }
            const bool is_quiet = told.empty() && known.count(last_session) != 0;
            quiet_pieces = is_quiet ? quiet_pieces + 1 : 0;
        }
        stream->close();
    }
    co_return known;
}

}  // namespace

TEST_CASE(
    "modules/status/event_threads: readers that come and go while many write know the latest of "
    "all")
{
    const auto seed = std::random_device{}();
    CAPTURE(seed);
    const ocpi::test::temporary_directory directory;
    crud::sqlite_options options;
    options.path = directory.file("events.db");
    const auto crud = std::make_shared<crud::sqlite_crud>(options);
    hub_dependencies parts;
    parts.crud = crud;
    parts.source = std::make_shared<status::fixtures::scripted_source>(crud);
    parts.options.heartbeat = std::chrono::milliseconds(16);
    parts.options.max_pending = 4;
    parts.options.page = 5;
    parts.options.stream_poll = std::chrono::milliseconds(5);
    const auto hub = std::make_shared<event_hub>(std::move(parts));
    const auto watch = std::make_shared<crud::store_watch>(crud);
    watch->add(hub);
    const auto feed = std::make_shared<change_feed>(crud, watch, change_listeners());
    const auto store = std::make_shared<session_writer>(crud, change_listeners{feed});

    asio::thread_pool threads(4);
    hub->start(threads.get_executor());
    std::vector<std::future<known_states>> readers;
    for (unsigned i = 0; i < 8; ++i) {
        readers.push_back(asio::co_spawn(asio::make_strand(threads),
                                         follow(hub, seed + i, i % 2 == 0), asio::use_future));
    }
    std::vector<std::future<void>> writers;
    for (int i = 0; i < 4; ++i) {
        writers.push_back(asio::co_spawn(threads, write_many(store, i), asio::use_future));
    }
    for (auto& each : writers) each.get();
    asio::co_spawn(threads, write(store, last_session, 1), asio::use_future).get();

    known_states expected;
    for (int i = 0; i < sessions_count; ++i) {
        const auto id = 'S' + std::to_string(i);
        const crud::object_key key("ES", "ABC", id);
        const auto stored =
            asio::co_spawn(threads, store->reader().get(crud::interface_side::receiver, key),
                           asio::use_future)
                .get();
        const auto session = json::parse(stored->document.json);
        expected[id] = session->root().find("kwh")->text();
    }
    expected[last_session] = "1";
    for (auto& each : readers) CHECK(each.get() == expected);
    asio::co_spawn(threads, hub->stop(), asio::use_future).get();
    threads.join();
}

}  // namespace event_threads_test
