// Streams that go on where an earlier one has ended: nothing is lost, and nothing told twice.

#include "modules/status/event_hub.hpp"

#include "tests/unit/modules/status/event_fixture.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <limits>

namespace event_resume_test {

using namespace ocpi;
using namespace ocpi::status::fixtures;
using ocpi::ci_string;
using ocpi::crud::revision;

namespace {

revision number_of(const std::string& text)
{
    return std::stoull(text);
}

}  // namespace

TEST_CASE(
    "modules/status/event_resume: a reader that comes back gets the latest state of what has "
    "changed since")
{
    event_fixture server;
    server.begin();
    server.write("S1", "1");
    server.write("S2", "1");
    server.write("S3", "1");
    const auto seen = server.write("S4", "1");
    server.write("S2", "2");
    const auto first = server.write("S3", "2");
    const auto second = server.write("S2", "3");
    const auto third = server.write("S1", "2");
    reader back(server, server.subscribe_all(number_of(seen)));
    const auto live = server.write("S4", "2");
    CHECK(back.events() ==
          events{{first, "S3=2"}, {second, "S2=3"}, {third, "S1=2"}, {live, "S4=2"}});
    const auto next = server.write("S1", "3");
    CHECK(back.events() == events{{next, "S1=3"}});
}

TEST_CASE(
    "modules/status/event_resume: after the last change, or beyond, there is nothing to catch up")
{
    event_fixture server;
    server.begin();
    const auto last = number_of(server.write("S1", "1"));
    reader latest(server, server.subscribe_all(last));
    reader beyond(server, server.subscribe_all(last + 1000));
    reader far_beyond(server, server.subscribe_all(std::numeric_limits<std::int64_t>::max()));
    CHECK(latest.read().empty());
    CHECK(beyond.read().empty());
    CHECK(far_beyond.read().empty());
    const auto next = server.write("S1", "2");
    CHECK(latest.events() == events{{next, "S1=2"}});
    CHECK(beyond.events() == events{{next, "S1=2"}});
    CHECK(far_beyond.events() == events{{next, "S1=2"}});
}

TEST_CASE(
    "modules/status/event_resume: what some readers have caught up with is not told to others "
    "again")
{
    event_fixture server;
    server.begin();
    const auto first = server.write("S1", "1");
    for (const char* id : {"S2", "S3", "S4"}) server.write(id, "1");
    const auto last = server.write("S5", "1");
    reader from_the_start(server, server.subscribe_all(0));
    CHECK(from_the_start.events().size() == 5);
    reader from_the_first(server, server.subscribe_all(number_of(first)));
    CHECK(from_the_first.events().size() == 4);
    reader latest(server, server.subscribe_all(number_of(last)));
    CHECK(latest.read().empty());
}

TEST_CASE("modules/status/event_resume: a driver that comes back gets what has changed of its own")
{
    event_fixture server;
    server.begin();
    const auto first = server.write("S1", "1", "C1");
    server.write("S2", "1", "C2");
    server.write("S3", "1", "");
    const std::vector<ci_string> contracts{ci_string("c1")};
    reader back(server, server.subscribe_all(0, contracts));
    CHECK(back.events() == events{{first, "S1=1"}});
}

TEST_CASE(
    "modules/status/event_resume: however much has changed, it is told in the order of changes")
{
    event_fixture server;
    SUBCASE("in one go") {}
    SUBCASE("page by page")
    {
        server.options.page = 3;
    }
    server.begin();
    for (int i = 0; i < 20; ++i) server.write("S" + std::to_string(i), "0");
    events expected;
    for (int i = 0; i < 20; ++i) {
        const auto id = "S" + std::to_string(i * 7 % 20);
        expected.emplace_back(server.write(id, "1"), id + "=1");
    }
    reader back(server, server.subscribe_all(0));
    CHECK(back.events() == expected);
}

TEST_CASE(
    "modules/status/event_resume: what changes while a reader catches up is told once, in its "
    "place")
{
    event_fixture server;
    server.begin();
    server.write("S1", "1");
    server.write("S2", "1");
    const auto third = server.write("S3", "1");
    std::string first;
    std::string second;
    server.crud->before_get = [&](std::string_view) -> std::optional<ocpi::error> {
        if (second.empty()) {
            const auto later = server.store("S1", "2");
            const auto much_later = server.store("S2", "2");
            first = std::to_string(later.revision);
            second = std::to_string(much_later.revision);
            server.hub->on_store_revision(later.revision);
            server.hub->on_store_revision(much_later.revision);
        }
        return std::nullopt;
    };
    reader back(server, server.subscribe_all(0));
    const auto told = back.events();
    CHECK(told == events{{third, "S3=1"}, {first, "S1=2"}, {second, "S2=2"}});
}

TEST_CASE(
    "modules/status/event_resume: a change that is in the store before the hub hears of it is told "
    "once")
{
    event_fixture server;
    server.begin();
    const auto in_store = server.store("S1", "1");
    const auto number = std::to_string(in_store.revision);
    reader back(server, server.subscribe_all(0));
    reader one(server, server.subscribe("S1"));
    CHECK(back.events() == events{{number, "S1=1"}});
    CHECK(one.events() == events{{number, "S1=1"}});
    reader resumed(server, server.subscribe_all(in_store.revision));
    reader resumed_one(server, server.subscribe("S1", in_store.revision));
    CHECK(resumed.read().empty());
    CHECK(resumed_one.read().empty());
    server.hub->on_store_revision(in_store.revision);
    for (auto* each : {&back, &one, &resumed, &resumed_one}) CHECK(each->read().empty());
}

TEST_CASE(
    "modules/status/event_resume: a change that is heard of late is told in its place all the same")
{
    event_fixture server;
    server.begin();
    reader all(server, server.subscribe_all());
    CHECK(all.read().empty());
    const auto late = server.store("S1", "1");
    const auto quick = server.write("S2", "1");
    const auto number = std::to_string(late.revision);
    CHECK(all.events() == events{{number, "S1=1"}, {quick, "S2=1"}});
    server.hub->on_store_revision(late.revision);
    CHECK(all.read().empty());
    reader back(server, server.subscribe_all(late.revision));
    CHECK(back.events() == events{{quick, "S2=1"}});
}

TEST_CASE(
    "modules/status/event_resume: a store that fails ends the stream of a reader that catches up")
{
    event_fixture server;
    server.begin();
    const auto first = server.write("S1", "1");
    server.crud->before_get = [](std::string_view) {
        return std::optional(ocpi::error(ocpi::errc::storage, "disk"));
    };
    reader back(server, server.subscribe_all(0));
    CHECK(back.read().empty());
    CHECK(back.has_ended());
    CHECK(server.log->text().find("disk") != std::string::npos);
    CHECK(server.hub->subscribers() == 0);
    server.crud->before_get = nullptr;
    reader again(server, server.subscribe_all(0));
    CHECK(again.events() == events{{first, "S1=1"}});
}

}  // namespace event_resume_test
