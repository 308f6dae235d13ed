#include "application/session_purge.hpp"

#include "crud/sqlite/sqlite_crud.hpp"
#include "modules/exchange/acknowledgements.hpp"
#include "modules/managed/managed_store.hpp"
#include "modules/sessions/session_summary.hpp"
#include "tests/support/forwarding_crud.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/unit/modules/exchange/push_fixture.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace session_purge_test {

using namespace ocpi;
using exchange::fixtures::push_fixture;
using test::member;

namespace {

std::vector<member> completed(const std::string& end = "2024-01-01T11:00:00Z")
{
    return {{"status", R"("COMPLETED")"}, {"end_date_time", '"' + end + '"'}};
}

struct purge_fixture : push_fixture {
    purge_summary purge(bool removes, const std::string& before = "2024-01-02T00:00:00Z")
    {
        purge_options wanted;
        wanted.completed_before = parse_date_time(before)->value;
        wanted.removes = removes;
        return *run(purge_sessions(crud, wanted, [](const purge_summary&) {}));
    }

    bool has(std::string_view module, const std::string& id)
    {
        const crud::object_key key("ES", "ABC", id);
        return run(crud->get(module, crud::interface_side::sender, key)).has_value();
    }
    bool has_session(const std::string& id) { return has("sessions", id); }
};

/// Another process writes a session just before it is removed.
class racing_crud final : public test::forwarding_crud {
public:
    using test::forwarding_crud::forwarding_crud;

    boost::asio::awaitable<result<std::vector<crud::object_key>>> remove_unchanged(
        std::string_view module, crud::interface_side side, std::vector<crud::removal> removals,
        std::vector<std::string> belonging) override
    {
        auto first = removals.front().key;
        auto current = co_await get(module, side, first);
        auto document = std::move(current->document);
        (void)co_await update(module, side, std::move(document), current->revision);
        co_return co_await Crud::remove_unchanged(module, side, std::move(removals),
                                                  std::move(belonging));
    }
};

}  // namespace

TEST_CASE(
    "application/session_purge: sessions that settled before the instant are removed, and no "
    "others")
{
    purge_fixture f;
    f.put("1", 1, completed("2024-01-01T23:59:59.999Z"));
    f.put("2", 2, completed("2024-01-02T00:00:00Z"));
    f.put("3", 3);
    f.put("4", 4, {{"status", R"("INVALID")"}});
    const auto counted = f.purge(false);
    CHECK(counted.total().purged == 1);
    CHECK(f.has_session("1"));
    const auto removed = f.purge(true);
    CHECK(removed.parties.at("ES*ABC").purged == 1);
    CHECK_FALSE(f.has_session("1"));
    for (const char* id : {"2", "3", "4"}) CHECK(f.has_session(id));
    CHECK(f.purge(true).parties.empty());
}

TEST_CASE("application/session_purge: what is stored of a session beside it goes with it")
{
    purge_fixture f;
    for (const char* id : {"1", "2"}) {
        f.put(id, 1, id[0] == '1' ? completed() : std::vector<member>());
        for (const auto module :
             {managed::managed_session_records, exchange::acknowledgement_records}) {
            const crud::document made(crud::object_key("ES", "ABC", id), "{}", date_time(),
                                      std::nullopt);
            REQUIRE(f.run(f.crud->create(module, crud::interface_side::sender, made)).has_value());
        }
    }
    f.purge(true);
    for (const auto module :
         {managed::managed_session_records, exchange::acknowledgement_records}) {
        CHECK_FALSE(f.has(module, "1"));
        CHECK(f.has(module, "2"));
    }
}

TEST_CASE("application/session_purge: a partner that lacks a session protects it until it has it")
{
    purge_fixture f;
    f.add_partner("emp", "EMP");
    f.put("1", 1, completed());
    // The push has never begun.
    CHECK(f.purge(true).partners.at("emp") == 1);
    CHECK(f.has_session("1"));

    f.begin();
    f.run_until_marked("emp", "1");
    f.end();
    f.put("2", 2, completed());
    f.put("3", 3, completed(), "OTH");
    const auto summary = f.purge(true);
    CHECK(summary.total().purged == 2);
    CHECK(summary.total().lacking == 1);
    CHECK(summary.partners.at("emp") == 1);
    CHECK_FALSE(f.has_session("1"));
    CHECK(f.has_session("2"));
    CHECK_FALSE(f.has_session("3"));

    f.begin();
    f.run_until_marked("emp", "2");
    CHECK(f.purge(true).total().purged == 1);
    CHECK_FALSE(f.has_session("2"));
    CHECK_FALSE(f.has(exchange::acknowledgement_records, "2"));
}

TEST_CASE(
    "application/session_purge: a session that its CPO sends again is new, and is pushed again")
{
    purge_fixture f;
    f.add_partner("emp", "EMP");
    f.begin();
    f.put("1", 1, completed());
    f.run_until_marked("emp", "1");
    f.purge(true);
    CHECK_FALSE(f.has_session("1"));
    // The same process still remembers the session as it was.
    f.put("1", 1, completed());
    f.run_until_marked("emp", "1");
    f.put("1", 2, completed());
    f.run_until_marked("emp", "1");
}

TEST_CASE("application/session_purge: a session that changes before it is removed stays")
{
    purge_fixture f;
    f.put("1", 1, completed());
    f.put("2", 1, completed());
    purge_options wanted;
    wanted.completed_before = parse_date_time("2024-01-02T00:00:00Z")->value;
    wanted.removes = true;
    const auto racing = std::make_shared<racing_crud>(f.crud);
    const auto summary = *f.run(purge_sessions(racing, wanted, [](const purge_summary&) {}));
    CHECK(summary.total().purged == 1);
    CHECK(summary.total().changed == 1);
    CHECK(f.has_session("1") != f.has_session("2"));
}

TEST_CASE("application/session_purge: more than fit one transaction go, and the totals follow")
{
    const test::temporary_directory directory;
    crud::sqlite_options options;
    options.path = directory.file("store.db");
    // Its context outlives the threads of the store.
    purge_fixture f;
    const auto store = std::make_shared<crud::sqlite_crud>(options);
    sessions::session_writer writer(store);
    const auto put = [&](int number, const std::vector<member>& changes) {
        const auto id = std::to_string(number);
        f.put(id, 1, changes);
        const crud::object_key key("ES", "ABC", id);
        const auto made = f.run(f.crud->get("sessions", crud::interface_side::sender, key));
        REQUIRE(f.run(store->create("sessions", crud::interface_side::sender, made->document))
                    .has_value());
    };
    for (int i = 0; i < 250; ++i) put(i, completed());
    for (int i = 250; i < 260; ++i) put(i, {});
    purge_options wanted;
    wanted.completed_before = parse_date_time("2024-01-02T00:00:00Z")->value;
    wanted.removes = true;
    std::vector<std::uint64_t> steps;
    const auto summary = *f.run(purge_sessions(
        store, wanted, [&](const auto& so_far) { steps.push_back(so_far.total().purged); }));
    CHECK(summary.total().purged == 250);
    CHECK(steps == std::vector<std::uint64_t>{100, 200, 250});
    crud::totals_query all;
    all.ranges.push_back({std::string(sessions::completed_sessions), std::nullopt, std::nullopt});
    const auto left = f.run(store->find_totals("sessions", crud::interface_side::sender, all));
    REQUIRE(left->has_value());
    CHECK((*left)->parts.empty());
    const auto listed =
        f.run(store->list("sessions", crud::interface_side::sender, crud::list_query()));
    CHECK(listed->total == 10);
}

}  // namespace session_purge_test
