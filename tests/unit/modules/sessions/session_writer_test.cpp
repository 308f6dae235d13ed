#include "modules/sessions/session_writer.hpp"

#include "crud/errors.hpp"
#include "modules/sessions/view_id.hpp"
#include "tests/support/run_awaitable.hpp"
#include "tests/support/scripted_crud.hpp"
#include "tests/support/session_text.hpp"
#include "tests/support/written_at.hpp"

#include <doctest/doctest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_future.hpp>

#include <future>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace session_writer_test {

using namespace ocpi;
using namespace ocpi::sessions;
using crud::interface_side;
using test::run_awaitable;
using test::session_text;

namespace {

const crud::object_key& key()
{
    static const crud::object_key of("ES", "ABC", "S1");
    return of;
}

parsed_session read(const std::string& body, body_kind kind)
{
    auto outcome = read_session(body, kind, strictness::strict, key());
    REQUIRE(outcome.has_value());
    return std::move(*outcome);
}

/// A period that no other number has.
std::string patch_with_period(int number)
{
    return R"({"last_updated":"2024-01-01T10:30:00Z","charging_periods":[{"start_date_time":)"
           R"("2024-01-01T10:00:00Z","dimensions":[{"type":"ENERGY","volume":)" +
           std::to_string(number) + "}]}]}";
}

struct fixture {
    std::shared_ptr<test::scripted_crud> crud = std::make_shared<test::scripted_crud>();
    session_writer sessions{crud};

    result<written_session> put(const std::string& body)
    {
        const auto sent = read(body, body_kind::whole);
        return run_awaitable(sessions.put(interface_side::receiver, key(), sent, strictness::strict,
                                          test::written_at));
    }
    result<written_session> patch(const std::string& body)
    {
        const auto sent = read(body, body_kind::fragment);
        return run_awaitable(
            sessions.patch(interface_side::receiver, key(), sent, test::written_at));
    }
    std::string stored()
    {
        const auto record = run_awaitable(sessions.reader().get(interface_side::receiver, key()));
        return record.has_value() ? record->document.json : "";
    }
    std::size_t periods()
    {
        const auto parsed = *json::parse(stored());
        const auto list = parsed.root().find("charging_periods");
        return list ? list->size() : 0;
    }

    /// What another process does: writes with the store's revision, past the hooks.
    void write_elsewhere(const std::string& json)
    {
        crud::document document(crud::object_key("ES", "ABC", "S1"), json,
                                date_time::from_milliseconds(1'704'105'000'000),
                                party("DE", "EMP"));
        const auto record =
            run_awaitable(crud->behind().get("sessions", interface_side::receiver, document.key));
        if (record.has_value()) {
            REQUIRE(run_awaitable(crud->behind().update("sessions", interface_side::receiver,
                                                        document, record->revision))
                        .has_value());
        } else {
            REQUIRE(
                run_awaitable(crud->behind().create("sessions", interface_side::receiver, document))
                    .has_value());
        }
    }
};

/// Keeps what it is told.
class recorder final : public change_listener {
public:
    void on_change(const session_change& change) noexcept override
    {
        const std::lock_guard lock(mutex_);
        changes_.push_back(change);
    }

    std::vector<session_change> changes() const
    {
        const std::lock_guard lock(mutex_);
        return changes_;
    }

private:
    mutable std::mutex mutex_;
    std::vector<session_change> changes_;
};

}  // namespace

TEST_CASE("modules/sessions/session_writer: a PUT creates, then replaces, then is a replay")
{
    fixture store;
    CHECK(store.put(session_text())->created);
    CHECK_FALSE(store.put(session_text({{"x", "1"}}))->created);
    CHECK(store.stored() == session_text({{"x", "1"}}));
    CHECK_FALSE(store.put(session_text({{"x", "1"}}))->created);
    CHECK(store.crud->creates == 1);
    CHECK(store.crud->updates == 1);
}

TEST_CASE("modules/sessions/session_writer: what lists are filtered by goes along with the text")
{
    fixture store;
    REQUIRE(store.put(session_text()).has_value());
    const auto record = *run_awaitable(store.sessions.reader().get(interface_side::sender, key()));
    CHECK(record.document.last_updated.milliseconds() == 1'704'105'000'000);
    CHECK(record.document.emsp == party("DE", "EMP"));
    crud::list_query query;
    query.emsps = std::vector<party>{party("DE", "EMP")};
    CHECK(run_awaitable(store.sessions.reader().list(interface_side::sender, query))->total == 1);
}

TEST_CASE(
    "modules/sessions/session_writer: a session is found by its view id, its contract and its end")
{
    fixture store;
    REQUIRE(store.put(session_text()).has_value());
    const auto id = view_id(key());
    const auto find = [&] {
        return run_awaitable(
            store.sessions.reader().find_by_view_id(interface_side::sender, id, {}));
    };
    auto found = find();
    REQUIRE(found.has_value());
    CHECK(found->document.key.id.str() == "S1");
    CHECK(found->document.contract == ci_string("DEEMPC1"));
    CHECK(found->document.sort_key.empty());
    const auto other = view_id(crud::object_key("ES", "ABC", "S2"));
    CHECK(run_awaitable(store.sessions.reader().find_by_view_id(interface_side::sender, other, {}))
              .error()
              .code() == errc::not_found);

    REQUIRE(store
                .patch(R"({"status":"COMPLETED","end_date_time":"2024-01-01T10:31:00Z",)"
                       R"("last_updated":"2024-01-01T10:31:00Z"})")
                .has_value());
    found = find();
    CHECK(found->document.secondary_key == id);
    CHECK(found->document.contract == ci_string("DEEMPC1"));
    CHECK(found->document.sort_key == "2024-01-01T10:31:00.000Z/" + id);
    const crud::sorted_query all;
    CHECK(run_awaitable(store.sessions.reader().list_sorted(interface_side::sender, all))
              ->records.size() == 1);
}

TEST_CASE(
    "modules/sessions/session_writer: a PUT that ends a session ranks it, preferences leave it be")
{
    fixture store;
    REQUIRE(store.put(session_text()).has_value());
    REQUIRE(run_awaitable(store.sessions.keep_preferences(interface_side::sender, key(),
                                                          R"({"profile_type":"FAST"})"))
                .has_value());
    const auto get = [&] {
        return run_awaitable(store.sessions.reader().get(interface_side::sender, key()))->document;
    };
    CHECK(get().secondary_key == view_id(key()));
    CHECK(get().contract == ci_string("DEEMPC1"));
    CHECK(get().sort_key.empty());
    REQUIRE(store
                .put(session_text({{"status", R"("COMPLETED")"},
                                   {"end_date_time", R"("2024-01-01T10:20:00.5Z")"}}))
                .has_value());
    CHECK(get().sort_key == "2024-01-01T10:20:00.500Z/" + view_id(key()));
}

TEST_CASE(
    "modules/sessions/session_writer: a PATCH of what is not there is not found, and makes nothing")
{
    fixture store;
    CHECK(store.patch(patch_with_period(1)).error().code() == errc::not_found);
    CHECK(store.stored().empty());
}

TEST_CASE("modules/sessions/session_writer: a refused write leaves the store alone")
{
    fixture store;
    REQUIRE(store.put(session_text()).has_value());
    CHECK(store.put(session_text({{"last_updated", R"("2024-01-01T10:00:00Z")"}})).error().code() ==
          errc::invalid);
    CHECK(store.crud->updates == 0);
}

TEST_CASE("modules/sessions/session_writer: whoever lost a race decides again on what won")
{
    fixture store;
    REQUIRE(store.put(session_text()).has_value());
    store.crud->before_update = [&store](const crud::document&) {
        if (store.crud->updates == 1) {
            store.write_elsewhere(session_text({{"x", "1"}}));
        }
        return std::optional<error>();
    };
    REQUIRE(store.patch(patch_with_period(1)).has_value());
    CHECK(store.crud->updates == 2);
    CHECK(store.periods() == 1);
    CHECK(json::parse(store.stored())->root().find("x"));
}

TEST_CASE(
    "modules/sessions/session_writer: a race may turn a creation into a replacement or a refusal")
{
    fixture store;
    store.crud->before_create = [&store](const crud::document&) {
        store.write_elsewhere(session_text({{"x", "1"}}));
        return std::optional<error>();
    };
    const auto outcome = store.put(session_text());
    REQUIRE(outcome.has_value());
    CHECK_FALSE(outcome->created);
    CHECK(store.stored() == session_text());

    fixture refused;
    refused.crud->before_create = [&refused](const crud::document&) {
        refused.write_elsewhere(session_text({{"status", "\"COMPLETED\""}}));
        return std::optional<error>();
    };
    CHECK(refused.put(session_text()).error().code() == errc::invalid);
    CHECK(refused.stored() == session_text({{"status", "\"COMPLETED\""}}));
}

TEST_CASE("modules/sessions/session_writer: who loses fifty races is told to try again")
{
    fixture store;
    REQUIRE(store.put(session_text()).has_value());
    store.crud->before_update = [](const crud::document&) {
        return std::optional<error>(crud::revision_mismatch());
    };
    CHECK(store.patch(patch_with_period(1)).error().code() == errc::overloaded);
    CHECK(store.crud->updates == 50);
    store.crud->updates = 0;
    CHECK(store.put(session_text({{"x", "1"}})).error().code() == errc::overloaded);
    CHECK(store.crud->updates == 50);
    store.crud->before_update = nullptr;
    CHECK(store.patch(patch_with_period(1)).has_value());
}

TEST_CASE("modules/sessions/session_writer: a failing store is not asked twice")
{
    fixture store;
    REQUIRE(store.put(session_text()).has_value());
    store.crud->before_update = [](const crud::document&) {
        return std::optional<error>(crud::store_unavailable("disk full"));
    };
    CHECK(store.patch(patch_with_period(1)).error().code() == errc::storage);
    CHECK(store.crud->updates == 1);
    store.crud->before_get = [](std::string_view) {
        return std::optional<error>(crud::store_overloaded());
    };
    // A repetition changes nothing, which only the store can confirm.
    CHECK(store.put(session_text()).error().code() == errc::overloaded);
}

TEST_CASE(
    "modules/sessions/session_writer: a session that was written lately is not read before the "
    "next "
    "write")
{
    fixture store;
    store.crud->before_get = [](std::string_view) {
        return std::optional<error>(crud::store_overloaded());
    };
    REQUIRE(store.put(session_text()).has_value());
    REQUIRE(store.patch(patch_with_period(1)).has_value());
    REQUIRE(store.patch(patch_with_period(2)).has_value());
    store.crud->before_get = nullptr;
    CHECK(run_awaitable(store.sessions.reader().get(interface_side::receiver, key()))
              ->document.json.find("charging_periods") != std::string::npos);
}

TEST_CASE("modules/sessions/session_writer: what another process wrote in between is not lost")
{
    fixture store;
    REQUIRE(store.put(session_text()).has_value());
    store.write_elsewhere(session_text({{"written_elsewhere", "true"}}));
    REQUIRE(store.patch(patch_with_period(1)).has_value());
    const auto record =
        *run_awaitable(store.sessions.reader().get(interface_side::receiver, key()));
    CHECK(record.document.json.find("written_elsewhere") != std::string::npos);
    CHECK(record.document.json.find("charging_periods") != std::string::npos);
}

TEST_CASE("modules/sessions/session_writer: sessions that others write all the time are read first")
{
    fixture store;
    REQUIRE(store.put(session_text()).has_value());
    for (int i = 0; i < 40; ++i) {
        store.write_elsewhere(session_text());
        REQUIRE(store.patch(patch_with_period(i)).has_value());
    }
    store.crud->gets = 0;
    store.crud->updates = 0;
    store.write_elsewhere(session_text());
    REQUIRE(store.patch(patch_with_period(40)).has_value());
    CHECK(store.crud->gets == 1);
    CHECK(store.crud->updates == 1);

    // When the others have stopped, they are not read for long.
    for (int i = 0; i < 40; ++i) REQUIRE(store.patch(patch_with_period(50 + i)).has_value());
    store.crud->gets = 0;
    store.crud->updates = 0;
    REQUIRE(store.patch(patch_with_period(90)).has_value());
    CHECK(store.crud->gets == 0);
    CHECK(store.crud->updates == 1);
}

TEST_CASE("modules/sessions/session_writer: PUTs of sessions from before the start are read first")
{
    fixture store;
    const auto put = [](session_writer& by, int number, const std::string& kwh) {
        const auto id = "S" + std::to_string(number);
        const crud::object_key of("ES", "ABC", id);
        const auto text = session_text({{"id", '"' + id + '"'}, {"kwh", kwh}});
        const auto sent = read_session(text, body_kind::whole, strictness::strict, of);
        REQUIRE(sent.has_value());
        const auto outcome = run_awaitable(
            by.put(interface_side::receiver, of, *sent, strictness::strict, test::written_at));
        REQUIRE(outcome.has_value());
        return outcome->created;
    };
    constexpr int count = 40;
    for (int i = 0; i < count; ++i) CHECK(put(store.sessions, i, "1.0"));
    session_writer restarted(store.crud);
    for (int i = 0; i < count - 1; ++i) CHECK_FALSE(put(restarted, i, "2.0"));
    store.crud->creates = 0;
    CHECK_FALSE(put(restarted, count - 1, "2.0"));
    CHECK(store.crud->creates == 0);

    // Of new ones that is not needed, and is not done for long.
    for (int i = count; i < 2 * count; ++i) CHECK(put(restarted, i, "1.0"));
    store.crud->gets = 0;
    CHECK(put(restarted, 2 * count, "1.0"));
    CHECK(store.crud->gets == 0);
}

TEST_CASE(
    "modules/sessions/session_writer: a stored text that is no session is the store's failure")
{
    fixture store;
    store.write_elsewhere("not JSON");
    const auto outcome = store.put(session_text());
    REQUIRE(outcome.has_error());
    CHECK(outcome.error().code() == errc::storage);
    CHECK(outcome.error().log_text().find("damaged") != std::string::npos);
    CHECK(store.patch(patch_with_period(1)).error().code() == errc::storage);
}

TEST_CASE(
    "modules/sessions/session_writer: a PATCH keeps the address as the session was created with it")
{
    fixture store;
    REQUIRE(store.put(session_text()).has_value());
    const auto sent = read(patch_with_period(1), body_kind::fragment);
    REQUIRE(run_awaitable(store.sessions.patch(interface_side::receiver,
                                               crud::object_key("es", "abc", "s1"), sent,
                                               test::written_at))
                .has_value());
    const auto record =
        *run_awaitable(store.sessions.reader().get(interface_side::receiver, key()));
    CHECK(record.document.key.id.str() == "S1");
}

TEST_CASE("modules/sessions/session_writer: PATCHes of one session from many threads all survive")
{
    constexpr int writers = 64;
    auto plain = std::make_shared<crud::memory_crud>();
    const auto listener = std::make_shared<recorder>();
    session_writer one_process(plain, {listener});
    session_writer another_process(plain);
    const auto first = read(session_text(), body_kind::whole);
    REQUIRE(run_awaitable(one_process.put(interface_side::receiver, key(), first,
                                          strictness::strict, test::written_at))
                .has_value());
    std::vector<parsed_session> bodies;
    for (int i = 0; i < writers; ++i) {
        bodies.push_back(read(patch_with_period(i), body_kind::fragment));
    }
    boost::asio::thread_pool threads(4);
    std::vector<std::future<result<written_session>>> outcomes;
    for (std::size_t i = 0; i < bodies.size(); ++i) {
        auto& process = i % 2 == 0 ? one_process : another_process;
        outcomes.push_back(boost::asio::co_spawn(
            threads, process.patch(interface_side::receiver, key(), bodies[i], date_time()),
            boost::asio::use_future));
    }
    for (auto& outcome : outcomes) CHECK(outcome.get().has_value());
    const auto told = listener->changes();
    CHECK(told.size() == writers / 2 + 1);
    for (std::size_t i = 1; i < told.size(); ++i) CHECK(told[i - 1].revision < told[i].revision);
    const auto record = *run_awaitable(one_process.reader().get(interface_side::receiver, key()));
    CHECK(json::parse(record.document.json)->root().find("charging_periods")->size() == writers);
}

TEST_CASE("modules/sessions/session_writer: every listener is told what a write has changed")
{
    const auto first = std::make_shared<recorder>();
    const auto second = std::make_shared<recorder>();
    auto crud = std::make_shared<crud::memory_crud>();
    session_writer sessions(crud, {first, second});
    const auto put = [&](const std::string& body) {
        const auto sent = read(body, body_kind::whole);
        return run_awaitable(sessions.put(interface_side::sender,
                                          crud::object_key("es", "abc", "s1"), sent,
                                          strictness::strict, test::written_at));
    };
    REQUIRE(put(session_text()).has_value());
    REQUIRE(first->changes().size() == 1);
    CHECK(second->changes().size() == 1);
    const auto change = first->changes().front();
    CHECK(change.key.id.str() == "s1");
    CHECK(change.emsp == party("DE", "EMP"));
    CHECK(*change.json == session_text());
    const auto stored = *run_awaitable(sessions.reader().get(interface_side::sender, key()));
    CHECK(change.revision == stored.revision);

    REQUIRE(put(session_text()).has_value());
    CHECK(put(session_text({{"last_updated", R"("2023-01-01T10:30:00Z")"}})).has_error());
    CHECK(first->changes().size() == 1);
}

TEST_CASE("modules/sessions/session_writer: a pulled session is created, replaced or left alone")
{
    fixture f;
    const auto apply = [&f](const std::string& body) {
        const auto pulled = read(body, body_kind::whole);
        return run_awaitable(f.sessions.apply_pulled(key(), pulled, test::written_at));
    };
    const auto created = apply(session_text());
    REQUIRE(created.has_value());
    CHECK(created->created);
    CHECK(created->changed);
    const auto again = apply(session_text());
    REQUIRE(again.has_value());
    CHECK_FALSE(again->created);
    CHECK_FALSE(again->changed);
    CHECK(f.crud->creates + f.crud->updates == 1);
    const auto changed = apply(session_text({{"kwh", "11"}}));
    REQUIRE(changed.has_value());
    CHECK(changed->changed);
    CHECK(f.stored() == session_text({{"kwh", "11"}}));
}

TEST_CASE(
    "modules/sessions/session_writer: a pulled session that another store knows is read, not "
    "created")
{
    fixture f;
    f.write_elsewhere(session_text());
    const auto pulled = read(session_text(), body_kind::whole);
    const auto outcome = run_awaitable(f.sessions.apply_pulled(key(), pulled, test::written_at));
    REQUIRE(outcome.has_value());
    CHECK_FALSE(outcome->changed);
    CHECK(f.crud->creates + f.crud->updates == 0);
}

TEST_CASE(
    "modules/sessions/session_writer: preferences survive writes of those who do not know of them")
{
    fixture store;
    const std::string cheap = R"({"profile_type":"CHEAP"})";
    CHECK(run_awaitable(store.sessions.keep_preferences(interface_side::sender, key(), cheap))
              .error()
              .code() == errc::not_found);
    REQUIRE(store.put(session_text()).has_value());
    CHECK(*run_awaitable(store.sessions.keep_preferences(interface_side::sender, key(), cheap)));
    const auto kept = session_text({{"charging_preferences", cheap}});
    CHECK(store.stored() == kept);

    REQUIRE(store.put(session_text()).has_value());  // a repetition
    CHECK(store.stored() == kept);
    REQUIRE(store.put(session_text({{"status", R"("COMPLETED")"}})).has_value());
    CHECK(store.put(session_text({{"status", R"("COMPLETED")"}})).has_value());
    CHECK(store.stored() ==
          session_text({{"status", R"("COMPLETED")"}, {"charging_preferences", cheap}}));
    const std::string other = R"({"profile_type":"FAST"})";
    CHECK_FALSE(
        *run_awaitable(store.sessions.keep_preferences(interface_side::sender, key(), other)));
    CHECK(store.stored().find("FAST") == std::string::npos);
}

TEST_CASE("modules/sessions/session_writer: preferences do not make the next PATCH stale")
{
    fixture store;
    REQUIRE(store.put(session_text()).has_value());
    const std::string cheap = R"({"profile_type":"CHEAP"})";
    CHECK(*run_awaitable(store.sessions.keep_preferences(interface_side::sender, key(), cheap)));
    CHECK(store.patch(patch_with_period(1)).has_value());
    CHECK(store.periods() == 1);
    CHECK(store.stored().find("CHEAP") != std::string::npos);
    // A sender may speak of them by itself.
    CHECK(store.put(session_text({{"charging_preferences", "null"}})).has_value());
    CHECK(store.stored().find("CHEAP") == std::string::npos);
}

TEST_CASE(
    "modules/sessions/session_writer: preferences are kept upon what another process has written")
{
    fixture store;
    REQUIRE(store.put(session_text()).has_value());
    store.write_elsewhere(session_text({{"x", "1"}}));
    const std::string cheap = R"({"profile_type":"CHEAP"})";
    CHECK(*run_awaitable(store.sessions.keep_preferences(interface_side::sender, key(), cheap)));
    CHECK(store.stored() == session_text({{"x", "1"}, {"charging_preferences", cheap}}));
}

}  // namespace session_writer_test
