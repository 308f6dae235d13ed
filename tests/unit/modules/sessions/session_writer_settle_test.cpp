#include "modules/sessions/session_writer.hpp"

#include "crud/errors.hpp"
#include "modules/sessions/settled_rank.hpp"
#include "modules/sessions/view_id.hpp"
#include "tests/unit/modules/exchange/push_fixture.hpp"
#include "tests/unit/modules/sessions/settle_fixture.hpp"

#include <string>

namespace session_writer_settle_test {

using namespace ocpi;
using namespace ocpi::sessions;
using ocpi::sessions::fixtures::settle_fixture;

TEST_CASE(
    "modules/sessions/session_writer_settle: a session without its final reading settles when it is "
    "overdue")
{
    settle_fixture at;
    at.put_awaiting("S1", "10:20");
    CHECK_FALSE(is_settled_rank(at.stored("S1").document.sort_key));
    at.set_clock("11:19");
    CHECK(at.settle() == 0);
    const auto before = at.stored("S1");

    at.set_clock("11:20");
    CHECK(at.settle() == 1);
    const auto after = at.stored("S1");
    CHECK(after.document.sort_key == "2024-01-01T10:20:00.000Z/" + view_id(at.key("S1")));
    CHECK(after.document.json == before.document.json);
    CHECK(after.document.last_updated == before.document.last_updated);
    CHECK(after.document.contract == before.document.contract);
    CHECK(after.revision > before.revision);
    CHECK(at.settle() == 0);
}

TEST_CASE(
    "modules/sessions/session_writer_settle: listeners are told once that a session is overdue")
{
    settle_fixture at;
    at.put_awaiting("S1", "10:20");
    at.set_clock("12:00");
    at.settle();
    at.settle();
    REQUIRE(at.log->changes.size() == 2);
    CHECK_FALSE(at.log->changes[0].has_settled);
    CHECK(at.log->changes[1].id == "S1");
    CHECK(at.log->changes[1].revision == at.stored("S1").revision);
    CHECK(at.log->changes[1].has_settled);
}

TEST_CASE(
    "modules/sessions/session_writer_settle: one that is written when it is overdue settles at once")
{
    settle_fixture at;
    at.set_clock("12:00");
    at.put_awaiting("S1", "10:20");
    CHECK(is_settled_rank(at.stored("S1").document.sort_key));
    CHECK(at.log->changes.back().has_settled);
    at.put_awaiting("S1", "10:20", "10:31");
    CHECK(is_settled_rank(at.stored("S1").document.sort_key));
    CHECK(at.settle() == 0);
}

TEST_CASE(
    "modules/sessions/session_writer_settle: all that are overdue settle, however many there are")
{
    settle_fixture at;
    for (int i = 0; i < 60; ++i) at.put_awaiting("S" + std::to_string(i), "10:20");
    at.put_awaiting("late", "10:40");
    at.set_clock("11:30");
    CHECK(at.settle() == 60);
    CHECK(is_settled_rank(at.stored("S0").document.sort_key));
    CHECK(is_settled_rank(at.stored("S59").document.sort_key));
    CHECK_FALSE(is_settled_rank(at.stored("late").document.sort_key));
}

TEST_CASE(
    "modules/sessions/session_writer_settle: another timeout counts for those that wait already")
{
    settle_fixture at;
    at.put_awaiting("S1", "10:20");
    at.set_clock("10:50");
    at.sessions = at.make_store(std::chrono::minutes(30));
    CHECK(at.settle() == 1);
}

TEST_CASE("modules/sessions/session_writer_settle: without a timeout nothing is looked for")
{
    settle_fixture at;
    at.put_awaiting("S1", "10:20");
    at.set_clock("23:00");
    at.sessions = at.make_store(final_reading_timeout(0));
    at.crud->before_list = [] { return std::optional<error>(error(errc::storage, "not now")); };
    CHECK(at.settle() == 0);
}

TEST_CASE(
    "modules/sessions/session_writer_settle: a final reading that comes at the last moment is not "
    "undone")
{
    settle_fixture at;
    at.put_awaiting("S1", "10:20");
    at.set_clock("12:00");
    bool has_come = false;
    at.crud->before_update = [&](const crud::document& written) -> std::optional<error> {
        if (has_come) return {};
        has_come = true;
        const auto now = at.stored("S1");
        auto newer = written;
        newer.sort_key = "2024-01-01T10:15:00.000Z/by-the-other";
        REQUIRE(ocpi::test::run_awaitable(at.crud->behind().update("sessions",
                                                                   crud::interface_side::receiver,
                                                                   newer, now.revision))
                    .has_value());
        return {};
    };
    CHECK(at.settle() == 0);
    CHECK(at.stored("S1").document.sort_key == "2024-01-01T10:15:00.000Z/by-the-other");
}

TEST_CASE(
    "modules/sessions/session_writer_settle: a store that fails is an error, and the next time goes "
    "on")
{
    settle_fixture at;
    at.put_awaiting("S1", "10:20");
    at.set_clock("12:00");
    at.crud->before_update = [](const crud::document&) {
        return std::optional<error>(error(errc::storage, "the disk is full"));
    };
    CHECK(ocpi::test::run_awaitable(at.sessions->settle_overdue()).error().code() == errc::storage);
    at.crud->before_update = nullptr;
    CHECK(at.settle() == 1);
}

TEST_CASE(
    "modules/sessions/session_writer_settle: what settles is not sent again to a partner that has "
    "it")
{
    exchange::fixtures::push_fixture at;
    at.add_partner("emp", "EMP");
    at.begin();
    const auto key = crud::object_key("ES", "ABC", "S1");
    const auto text =
        ocpi::test::session_text({{"status", R"("COMPLETED")"},
                                  {"end_date_time", ocpi::test::at("10:20")},
                                  {"meter_value", ocpi::test::registers({{"10:15", "10.5"}})}});
    const auto sent = *read_session(text, body_kind::whole, strictness::strict, key);
    REQUIRE(at.run(at.sessions->put(crud::interface_side::receiver, key, sent, strictness::strict,
                                    ocpi::test::written_at))
                .has_value());
    at.run_until_marked("emp", "S1");

    final_reading_rule rule;
    rule.timeout = std::chrono::hours(1);
    rule.time = std::make_shared<adjustable_clock>();
    session_writer settling(at.crud, change_listeners{at.push}, rule);
    CHECK(*at.run(settling.settle_overdue()) == 1);
    CHECK(at.is_marked("emp", "S1"));
    at.end();
    CHECK(at.sent() == std::vector<std::string>{"PUT S1"});
}

}  // namespace session_writer_settle_test
