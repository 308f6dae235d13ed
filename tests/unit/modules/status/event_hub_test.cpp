#include "modules/status/event_hub.hpp"

#include "tests/unit/modules/status/event_fixture.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <stdexcept>
#include <vector>

namespace event_hub_test {

using namespace ocpi;
using namespace ocpi::status::fixtures;
using ocpi::ci_string;
using ocpi::contract_scope;
using ocpi::errc;

TEST_CASE(
    "modules/status/event_hub: a session's stream begins with its present state and goes on with "
    "changes")
{
    event_fixture server;
    server.begin();
    const auto first = server.write("S1", "1");
    server.write("S2", "7");
    reader one(server, server.subscribe("s1"));
    CHECK(one.read() == "retry: 3000\nid: " + first + "\nevent: status\ndata: S1=1\n\n");
    const auto second = server.write("S1", "2");
    server.write("S2", "8");
    CHECK(one.read() == "id: " + second + "\nevent: status\ndata: S1=2\n\n");
    CHECK(one.read().empty());
}

TEST_CASE("modules/status/event_hub: a reader that has the present state is not told it again")
{
    event_fixture server;
    server.begin();
    const auto first = server.store("S1", "1").revision;
    reader same(server, server.subscribe("S1", first));
    reader older(server, server.subscribe("S1", first - 1));
    reader of_another_store(server, server.subscribe("S1", first + 100));
    CHECK(same.read().empty());
    CHECK(older.events() == events{{std::to_string(first), "S1=1"}});
    CHECK(of_another_store.events() == events{{std::to_string(first), "S1=1"}});
    const auto second = server.write("S1", "2");
    for (auto* each : {&same, &older, &of_another_store}) {
        CHECK(each->events() == events{{second, "S1=2"}});
    }
}

TEST_CASE("modules/status/event_hub: the stream of all sessions tells of changes only")
{
    event_fixture server;
    server.begin();
    server.write("S1", "1");
    server.settle();
    reader all(server, server.subscribe_all());
    CHECK(all.read().empty());
    const auto changed = server.write("S1", "2");
    CHECK(all.read() == "retry: 3000\nid: " + changed + "\nevent: status\ndata: S1=2\n\n");
    const auto created = server.write("S2", "1");
    CHECK(all.events() == events{{created, "S2=1"}});
}

TEST_CASE(
    "modules/status/event_hub: a change is rendered once for thousands of readers, and not for "
    "none")
{
    event_fixture server;
    server.begin();
    server.write("S1", "1");
    server.settle();
    CHECK(server.source->renders == 0);
    std::vector<std::unique_ptr<reader>> readers;
    for (int i = 0; i < 5000; ++i) {
        readers.push_back(std::make_unique<reader>(server, server.subscribe_all()));
        CHECK(readers.back()->read().empty());
    }
    CHECK(server.hub->subscribers() == 5000);
    const auto changed = server.write("S1", "2");
    std::size_t told = 0;
    for (const auto& each : readers) told += each->events() == events{{changed, "S1=2"}} ? 1U : 0U;
    CHECK(told == 5000);
    CHECK(server.source->renders == 1);
    readers.clear();
    CHECK(server.hub->subscribers() == 0);
    server.write("S1", "3");
    server.settle();
    CHECK(server.source->renders == 1);
}

TEST_CASE("modules/status/event_hub: a hub that falls behind renders the latest state alone")
{
    event_fixture server;
    server.begin();
    reader all(server, server.subscribe_all());
    CHECK(all.read().empty());
    server.write("S1", "1");
    const auto other = server.write("S2", "1");
    server.write("S1", "2");
    const auto last = server.write("S1", "3");
    CHECK(all.events() == events{{other, "S2=1"}, {last, "S1=3"}});
    CHECK(server.source->renders == 2);
}

TEST_CASE(
    "modules/status/event_hub: a reader that falls behind gets the latest states in the order of "
    "changes")
{
    event_fixture server;
    server.begin();
    reader all(server, server.subscribe_all());
    server.settle();
    events expected;
    for (const char* kwh : {"1", "2", "3"}) {
        expected.clear();
        for (const char* id : {"S1", "S2", "S3"}) {
            expected.emplace_back(server.write(id, kwh), std::string(id) + '=' + kwh);
            server.settle();
        }
    }
    CHECK(server.source->renders == 9);
    CHECK(all.events() == expected);
}

TEST_CASE(
    "modules/status/event_hub: a reader far behind is told what the store holds, once it reads")
{
    event_fixture server;
    server.options.max_pending = 2;
    server.begin();
    reader all(server, server.subscribe_all());
    reader one(server, server.subscribe("S1"));
    events expected;
    for (const char* kwh : {"1", "2"}) {
        expected.clear();
        for (const char* id : {"S4", "S3", "S2", "S1"}) {
            expected.emplace_back(server.write(id, kwh), std::string(id) + '=' + kwh);
            server.settle();
        }
    }
    CHECK(all.events() == expected);
    CHECK(one.events() == events{expected.back()});
    const auto next = server.write("S3", "3");
    CHECK(all.events() == events{{next, "S3=3"}});
}

TEST_CASE("modules/status/event_hub: readers behind the memory of all events read from the store")
{
    event_fixture server;
    server.options.max_pending_bytes = 1;
    server.begin();
    reader all(server, server.subscribe_all());
    reader other(server, server.subscribe_all());
    events expected;
    for (const char* kwh : {"1", "2"}) {
        expected.clear();
        for (const char* id : {"S4", "S3", "S2", "S1"}) {
            expected.emplace_back(server.write(id, kwh), std::string(id) + '=' + kwh);
            server.settle();
        }
    }
    // More are rendered than the eight that were written: these were not kept.
    CHECK(all.events() == expected);
    CHECK(server.source->renders > 8);
    CHECK(other.events() == expected);
    const auto next = server.write("S3", "3");
    CHECK(all.events() == events{{next, "S3=3"}});
}

TEST_CASE("modules/status/event_hub: however far behind, a hub reads what has changed page by page")
{
    event_fixture server;
    server.options.page = 2;
    server.begin();
    server.write("S1", "0");
    reader all(server, server.subscribe_all());
    reader one(server, server.subscribe("S1"));
    CHECK(all.read().empty());
    CHECK(one.events().size() == 1);
    events expected;
    for (const char* id : {"S5", "S4", "S3", "S2", "S1"}) {
        expected.emplace_back(server.write(id, "1"), std::string(id) + "=1");
    }
    CHECK(all.events() == expected);
    CHECK(one.events() == events{expected.back()});
}

TEST_CASE("modules/status/event_hub: what another process writes is told once the watch finds it")
{
    event_fixture server;
    server.has_watch = true;
    server.begin();
    reader all(server, server.subscribe_all());
    reader one(server, server.subscribe("S1"));
    CHECK(all.read().empty());
    CHECK(one.read().empty());
    const auto unheard = std::to_string(server.store("S1", "1").revision);
    CHECK(all.read().empty());
    server.watch->look_now();
    CHECK(all.events() == events{{unheard, "S1=1"}});
    CHECK(one.events() == events{{unheard, "S1=1"}});
}

TEST_CASE("modules/status/event_hub: the first reader has the watch look, and be quick about it")
{
    event_fixture server;
    server.has_watch = true;
    server.begin();
    server.settle();
    CHECK(server.watch_pauses.back() == std::chrono::milliseconds(250));
    const auto looks = server.watch_pauses.size();
    {
        reader all(server, server.subscribe_all());
        CHECK(all.read().empty());
        CHECK(server.watch_pauses.size() == looks + 1);
        CHECK(server.watch_pauses.back() == std::chrono::milliseconds(50));
    }
    CHECK_FALSE(server.hub->is_waited_for());
}

TEST_CASE(
    "modules/status/event_hub: who comes first is not told of what was before, whoever else was "
    "there")
{
    event_fixture server;
    server.begin();
    reader gone(server, server.subscribe_all());
    server.write("S1", "1");
    CHECK(gone.events().size() == 1);
    gone.leave();
    server.write("S1", "2");
    server.store("S2", "1");
    reader next(server, server.subscribe_all());
    const auto changed = server.write("S3", "1");
    CHECK(next.events() == events{{changed, "S3=1"}});
}

TEST_CASE("modules/status/event_hub: a store that fails is told of once, and asked again")
{
    event_fixture server;
    server.begin();
    reader all(server, server.subscribe_all());
    CHECK(all.read().empty());
    server.crud->before_list = [] { return ocpi::error(errc::storage, "disk"); };
    server.write("S1", "1");
    server.write("S2", "1");
    CHECK(all.read().empty());
    CHECK(server.log->text().find("disk") != std::string::npos);
    server.crud->before_list = nullptr;
    const auto last = server.write("S1", "2");
    CHECK(all.events().back() == read_event(last, "S1=2"));
}

TEST_CASE(
    "modules/status/event_hub: of a session that cannot be rendered there is no event, others go "
    "on")
{
    event_fixture server;
    server.source->broken = "S1";
    SUBCASE("a failure") {}
    SUBCASE("an exception")
    {
        server.source->is_thrown = true;
    }
    server.begin();
    reader all(server, server.subscribe_all());
    CHECK(all.read().empty());
    server.write("S1", "1");
    const auto other = server.write("S2", "1");
    CHECK(all.events() == events{{other, "S2=1"}});
    CHECK(server.log->text().find("ES/ABC/S1") != std::string::npos);
    server.source->broken.clear();
    const auto mended = server.write("S1", "2");
    CHECK(all.events() == events{{mended, "S1=2"}});
}

TEST_CASE("modules/status/event_hub: a driver is told of sessions of its contracts alone")
{
    event_fixture server;
    server.begin();
    const std::vector<ci_string> contracts{ci_string("c1"), ci_string("C3")};
    reader driver(server, server.subscribe_all(std::nullopt, contracts));
    reader without(server, server.subscribe_all(std::nullopt, std::vector<ci_string>()));
    const auto first = server.write("S1", "1", "C1");
    server.write("S2", "2", "C2");
    const auto third = server.write("S3", "3", "c3");
    server.write("S4", "4", "");
    CHECK(driver.events() == events{{first, "S1=1"}, {third, "S3=3"}});
    CHECK(without.read().empty());
}

TEST_CASE("modules/status/event_hub: a session that goes to another contract is lost to its driver")
{
    event_fixture server;
    server.begin();
    const std::vector<ci_string> contracts{ci_string("C1")};
    server.write("S1", "1", "C1");
    reader one(server, server.subscribe("S1", std::nullopt, contracts));
    reader all(server, server.subscribe_all(std::nullopt, contracts));
    CHECK(one.events().size() == 1);
    CHECK(all.read().empty());
    server.write("S1", "2", "C2");
    CHECK(one.read().empty());
    CHECK(all.read().empty());
    reader late(server, server.subscribe("S1", std::nullopt, contracts));
    CHECK(late.read().empty());
    const auto back = server.write("S1", "3", "C1");
    CHECK(one.events() == events{{back, "S1=3"}});
    CHECK(all.events() == events{{back, "S1=3"}});
}

TEST_CASE("modules/status/event_hub: when the hub stops all streams end, and it may start again")
{
    event_fixture server;
    server.begin();
    const ocpi::crud::object_key key("ES", "ABC", "S1");
    reader waiting(server, server.subscribe_all());
    reader fresh(server, server.subscribe("S1"));
    CHECK(waiting.read().empty());
    server.stop();
    CHECK(waiting.read().empty());
    CHECK(waiting.has_ended());
    CHECK(fresh.read().empty());
    CHECK(fresh.has_ended());
    CHECK(server.hub->subscribers() == 0);
    CHECK(server.run(server.hub->subscribe_all({}, {})).error().code() == errc::overloaded);
    CHECK(server.hub->subscribe(key, std::nullopt, std::nullopt).has_error());
    server.write("S1", "1");
    server.stop();

    server.hub->start(server.context.get_executor());
    server.hub->start(server.context.get_executor());
    reader again(server, server.subscribe_all());
    const auto changed = server.write("S1", "2");
    CHECK(again.events() == events{{changed, "S1=2"}});
}

TEST_CASE("modules/status/event_hub: streams outlive a hub that is gone, as ended")
{
    event_fixture server;
    server.begin();
    reader waiting(server, server.subscribe_all());
    CHECK(waiting.read().empty());
    reader fresh(server, server.subscribe_all(0));
    server.hub.reset();
    CHECK(waiting.read().empty());
    CHECK(waiting.has_ended());
    CHECK(fresh.read().empty());
    CHECK(fresh.has_ended());
}

TEST_CASE("modules/status/event_hub: a reader that leaves is forgotten, with or without a word")
{
    event_fixture server;
    server.begin();
    const std::vector<ci_string> contracts{ci_string("C1")};
    reader one(server, server.subscribe("S1"));
    reader driver(server, server.subscribe_all(std::nullopt, contracts));
    auto never_read = server.subscribe_all();
    CHECK(one.read().empty());
    CHECK(server.hub->subscribers() == 3);
    one.leave();
    CHECK(server.hub->subscribers() == 2);
    driver.leave();
    CHECK(server.hub->subscribers() == 1);
    never_read.reset();
    CHECK(server.hub->subscribers() == 0);
}

TEST_CASE("modules/status/event_hub: a stream without events gives signs of life")
{
    event_fixture server;
    server.options.heartbeat = std::chrono::milliseconds(16);
    server.begin();
    reader quiet(server, server.subscribe_all());
    CHECK(quiet.await_piece() == "retry: 3000\n:\n\n");
    CHECK(quiet.await_piece() == ":\n\n");
    const auto changed = server.write("S1", "1");
    CHECK(quiet.await_piece()->starts_with("id: " + changed + "\n"));
    CHECK(quiet.await_piece() == ":\n\n");
}

TEST_CASE("modules/status/event_hub: a hub needs a store and a source")
{
    CHECK_THROWS_AS(ocpi::status::event_hub({}), std::invalid_argument);
}

}  // namespace event_hub_test
