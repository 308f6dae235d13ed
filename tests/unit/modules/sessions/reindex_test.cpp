#include "modules/sessions/reindex.hpp"

#include "crud/errors.hpp"
#include "modules/sessions/reindexer.hpp"
#include "modules/sessions/settled_rank.hpp"
#include "modules/sessions/view_id.hpp"
#include "tests/support/meter_text.hpp"
#include "tests/support/recording_logger.hpp"
#include "tests/support/run_awaitable.hpp"
#include "tests/support/scripted_crud.hpp"
#include "tests/support/session_text.hpp"
#include "tests/unit/modules/sessions/exchange/push_fixture.hpp"

#include <doctest/doctest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

#include <atomic>
#include <memory>
#include <optional>
#include <string>

namespace reindex_test {

using namespace ocpi;
using namespace ocpi::sessions;
using crud::interface_side;
using test::run_awaitable;
using test::session_text;

namespace {

const std::string settled =
    session_text({{"status", R"("COMPLETED")"}, {"end_date_time", R"("2024-01-01T10:20:00Z")"}});

/// As an earlier version has written it.
crud::document old_document(const std::string& id, std::string json)
{
    return crud::document(crud::record_key("ES", "ABC", id), std::move(json),
                          date_time::from_milliseconds(1'704'105'000'000), party("DE", "EMP"));
}

struct fixture {
    std::shared_ptr<test::scripted_crud> crud = std::make_shared<test::scripted_crud>();
    std::shared_ptr<std::atomic<bool>> is_stopping = std::make_shared<std::atomic<bool>>(false);

    void create(const std::string& id, const std::string& json)
    {
        REQUIRE(run_awaitable(crud->behind().create("sessions", interface_side::sender,
                                                    old_document(id, json)))
                    .has_value());
    }

    crud::record stored(const std::string& id)
    {
        const crud::record_key key("ES", "ABC", id);
        return *run_awaitable(crud->behind().get("sessions", interface_side::sender, key));
    }

    result<std::uint64_t> reindex() { return run_awaitable(reindex_sessions(crud, is_stopping)); }
};

}  // namespace

TEST_CASE("sessions/reindex: an empty store costs one look, and nothing is written")
{
    fixture store;
    CHECK(*store.reindex() == 0);
    CHECK(store.crud->gets == 0);
    CHECK(store.crud->creates == 0);
}

TEST_CASE("sessions/reindex: old records get the values by which they are found, once")
{
    fixture store;
    store.create("S1", session_text());
    store.create("S2", settled);
    store.create("S3", "damaged");
    const auto before = store.stored("S2");
    CHECK(*store.reindex() == 2);

    const auto live = store.stored("S1").document;
    CHECK(live.alias == view_id(session_key("ES", "ABC", "S1")));
    CHECK(live.contract == ci_string("DEEMPC1"));
    CHECK(live.rank.empty());
    CHECK(live.json == session_text());
    const auto over = store.stored("S2").document;
    CHECK(over.rank == "2024-01-01T10:20:00.000Z/" + view_id(session_key("ES", "ABC", "S2")));
    CHECK(over.json == settled);
    CHECK(over.last_updated == before.document.last_updated);
    CHECK(over.emsp == before.document.emsp);
    CHECK(store.stored("S3").document.alias.empty());

    store.create("S4", session_text());
    CHECK(*store.reindex() == 0);
    CHECK(store.stored("S4").document.alias.empty());
    CHECK(store.crud->updates == 2);
}

TEST_CASE("sessions/reindex: a session that awaits its final reading is found by its end")
{
    fixture store;
    store.create("S1", session_text({{"status", R"("COMPLETED")"},
                                     {"end_date_time", R"("2024-01-01T10:20:00Z")"},
                                     {"meter_value", test::registers({{"10:15", "1"}})}}));
    CHECK(*store.reindex() == 1);
    const auto& rank = store.stored("S1").document.rank;
    CHECK_FALSE(is_settled_rank(rank));
    CHECK(rank.find("2024-01-01T10:20:00.000Z/") != std::string::npos);
}

TEST_CASE("sessions/reindex: every page is walked")
{
    fixture store;
    for (int i = 0; i < 450; ++i) store.create(std::to_string(i), session_text());
    CHECK(*store.reindex() == 450);
    CHECK_FALSE(store.stored("449").document.alias.empty());
}

TEST_CASE("sessions/reindex: what another writes meanwhile is left to it")
{
    fixture store;
    store.create("S1", session_text());
    store.create("S2", session_text());
    store.crud->before_update = [&](const crud::document& rewritten) -> std::optional<error> {
        if (rewritten.key.id.str() != "S1") return {};
        const auto now = store.stored("S1");
        auto newer = old_document("S1", settled);
        newer.alias = "by the other";
        REQUIRE(run_awaitable(store.crud->behind().update("sessions", interface_side::sender, newer,
                                                          now.revision))
                    .has_value());
        return {};
    };
    CHECK(*store.reindex() == 1);
    CHECK(store.stored("S1").document.json == settled);
    CHECK(store.stored("S1").document.alias == "by the other");
    CHECK_FALSE(store.stored("S2").document.alias.empty());
}

TEST_CASE("sessions/reindex: one that was cut short or met a failure goes on the next time")
{
    fixture store;
    store.create("S1", session_text());
    store.create("S2", session_text());
    store.crud->before_update = [&](const crud::document&) {
        *store.is_stopping = true;
        return std::optional<error>();
    };
    CHECK(*store.reindex() == 1);
    *store.is_stopping = false;
    store.crud->before_update = [](const crud::document&) {
        return std::optional<error>(error(errc::storage, "the disk is full"));
    };
    CHECK(store.reindex().error().code() == errc::storage);
    store.crud->before_update = nullptr;
    CHECK(*store.reindex() == 1);
    CHECK(*store.reindex() == 0);
}

TEST_CASE("sessions/reindex: a partner is sent nothing of what has only been rewritten")
{
    exchange::fixtures::push_fixture at;
    at.add_partner("emp", "EMP");
    for (const char* id : {"S1", "S2"}) {
        at.put(id, 1);
        // As an earlier version would have written it.
        const crud::record_key key("ES", "ABC", id);
        auto stored = *at.run(at.crud->get("sessions", interface_side::sender, key));
        stored.document.alias.clear();
        stored.document.contract.reset();
        REQUIRE(at.run(at.crud->update("sessions", interface_side::sender, stored.document,
                                       stored.revision))
                    .has_value());
    }
    at.begin();
    at.run_until_marked("emp", "S1");
    at.run_until_marked("emp", "S2");
    at.end();
    REQUIRE(at.sent().size() == 2);

    CHECK(*at.run(reindex_sessions(at.crud, std::make_shared<std::atomic<bool>>(false))) == 2);
    CHECK(at.is_marked("emp", "S1"));
    at.put("S2", 2);
    at.begin();
    at.run_until_marked("emp", "S2");
    at.end();
    CHECK(at.sent() == std::vector<std::string>{"PUT S1", "PUT S2", "PUT S2"});
}

TEST_CASE("sessions/reindex: a mark of a former registration does not come to count")
{
    exchange::fixtures::push_fixture at;
    at.add_partner("emp", "EMP");
    at.put("S1", 1);
    at.begin();
    at.run_until_marked("emp", "S1");
    at.end();
    exchange::push_marks marks(at.crud);
    REQUIRE(at.run(marks.forget("emp")).has_value());
    const session_key key("ES", "ABC", "S1");
    const auto before = *at.run(marks.find(key));
    REQUIRE(at.run(marks.carry_over(key, before->revision, 1000)).has_value());
    CHECK((*at.run(marks.find(key)))->revision == before->revision);
    at.begin();
    at.run_until([&] { return at.sent().size() == 2; });
}

TEST_CASE("sessions/reindexer: it says when it is done, and nothing once it was stopped")
{
    boost::asio::io_context context;
    fixture store;
    store.create("S1", session_text());
    const auto log = std::make_shared<test::recording_logger>();
    reindexer indexing(store.crud, log);
    int done = 0;
    indexing.start(context.get_executor(), [&] { ++done; });
    context.run();
    CHECK(done == 1);
    CHECK(log->text().find("has taken in 1 ") != std::string::npos);

    // A store that is not well: it waits, and stop() ends the waiting.
    store.create("S2", session_text());
    const crud::record_key note("", "", "sessions");
    REQUIRE(run_awaitable(store.crud->behind().remove("index", interface_side::sender, note))
                .has_value());
    store.crud->before_update = [&](const crud::document&) {
        boost::asio::co_spawn(context, indexing.stop(), boost::asio::detached);
        return std::optional<error>(error(errc::storage, "the disk is full"));
    };
    context.restart();
    indexing.start(context.get_executor(), [&] { ++done; });
    context.run();
    CHECK(done == 1);
    CHECK(store.stored("S2").document.alias.empty());
}

}  // namespace reindex_test
