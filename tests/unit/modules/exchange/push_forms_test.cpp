// In which form the pusher sends a session: whole or what changed, and with which members.

#include "modules/exchange/push.hpp"

#include "tests/support/shared_crud.hpp"
#include "tests/unit/modules/exchange/push_fixture.hpp"

#include <doctest/doctest.h>

#include <optional>
#include <string>
#include <vector>

namespace push_forms_test {

using namespace ocpi;
using namespace ocpi::exchange;
using exchange::fixtures::push_fixture;
using ocpi::test::partner_network;
using lines = std::vector<std::string>;

namespace {

/// The partner reads our session, and takes over what it has read.
void pull(push_fixture& at, const std::string& id)
{
    const crud::object_key key("ES", "ABC", id);
    const auto record = at.run(at.crud->get("sessions", crud::interface_side::sender, key));
    REQUIRE(record.has_value());
    at.push->on_served(*record);
    const crud::object_key named("ES", "ABC", id);
    const auto read = sessions::read_session(record->document.json, sessions::body_kind::whole,
                                             sessions::strictness::strict, named);
    sessions::session_writer theirs(at.network->store("emp"));
    REQUIRE(at.run(theirs.apply_pulled(named, *read, ocpi::test::written_at)).has_value());
}

partners::partner with_closing_put()
{
    auto partner = push_fixture::make_partner("emp", "EMP");
    partner.closing_put = true;
    return partner;
}

}  // namespace

TEST_CASE(
    "modules/exchange/push_forms: what a partner has pulled past the push is not left with it")
{
    push_fixture at;
    at.add_partner("emp", "EMP");
    at.begin();
    at.put("S1", 1);
    at.run_until_marked("emp", "S1");
    at.network->hold("emp");
    at.put("S1", 2, {{"kwh", "11"}});
    at.run_until([&] { return at.network->waiting("emp") == 1; });
    at.put("S1", 3,
           {{"kwh", "11"}, {"meter_id", R"("M")"}, {"total_cost", R"({"before_taxes":9})"}});
    pull(at, "S1");
    at.put("S1", 4, {{"kwh", "11"}});
    at.network->release("emp");
    at.run_until_marked("emp", "S1");
    CHECK(at.is_with("emp", "S1"));
    CHECK(at.sent().back() == "PUT S1");
    // From then on what changes is enough.
    at.put("S1", 5, {{"kwh", "12"}});
    at.run_until_marked("emp", "S1");
    CHECK(at.sent().back() == "PATCH S1");
}

TEST_CASE("modules/exchange/push_forms: a PATCH that a pull has overtaken is followed by a PUT")
{
    push_fixture at;
    at.add_partner("emp", "EMP");
    at.begin();
    at.put("S1", 1);
    at.run_until_marked("emp", "S1");
    at.network->hold("emp");
    at.put("S1", 2);
    at.run_until([&] { return at.network->waiting("emp") == 1; });
    // The partner's request has read this state, and is answered only later.
    at.put("S1", 3, {{"total_cost", R"({"before_taxes":9})"}});
    const crud::object_key key("ES", "ABC", "S1");
    const auto read = at.run(at.crud->get("sessions", crud::interface_side::sender, key));
    at.put("S1", 4);
    at.network->release("emp");
    at.network->hold("emp");
    at.run_until([&] { return at.network->waiting("emp") == 1; });
    REQUIRE(at.sent() == lines{"PUT S1", "PATCH S1", "PATCH S1"});
    at.push->on_served(*read);
    at.network->release("emp");
    at.run_until_marked("emp", "S1");
    CHECK(at.sent() == lines{"PUT S1", "PATCH S1", "PATCH S1", "PUT S1"});
}

TEST_CASE("modules/exchange/push_forms: a pull of what was acknowledged leaves the PATCH as it is")
{
    push_fixture at;
    at.add_partner("emp", "EMP");
    at.begin();
    at.put("S1", 1);
    at.run_until_marked("emp", "S1");
    for (int minute = 2; minute < 6; ++minute) {
        pull(at, "S1");
        at.put("S1", minute);
        at.run_until_marked("emp", "S1");
    }
    CHECK(at.sent() == lines{"PUT S1", "PATCH S1", "PATCH S1", "PATCH S1", "PATCH S1"});
}

TEST_CASE("modules/exchange/push_forms: a PUT brings no optional field that is null")
{
    push_fixture at;
    at.add_partner("emp", "EMP");
    at.begin();
    at.put("S1", 1, {{"end_date_time", "null"}, {"total_cost", "null"}, {"odometer", "null"}});
    at.run_until([&] { return at.is_marked("emp", "S1"); });
    const auto body = at.network->requests()[0].body;
    CHECK(body.find("end_date_time") == std::string::npos);
    CHECK(body.find("total_cost") == std::string::npos);
    CHECK(body.find("\"kwh\":10.50") != std::string::npos);
}

TEST_CASE("modules/exchange/push_forms: with a closing PUT a session that is completed goes whole")
{
    push_fixture at;
    at.save(with_closing_put());
    at.begin();
    at.put("S1", 1);
    at.run_until_marked("emp", "S1");
    at.put("S1", 2);
    at.run_until_marked("emp", "S1");
    const std::vector<ocpi::test::member> completed{{"status", R"("COMPLETED")"},
                                                    {"end_date_time", R"("2024-01-01T11:00:00Z")"}};
    at.put("S1", 3, completed);
    at.run_until_marked("emp", "S1");
    CHECK(at.sent() == lines{"PUT S1", "PATCH S1", "PATCH S1", "PUT S1"});
    at.end();
    at.network->forget_requests();
    at.begin();
    at.put("S2", 1, completed);
    at.run_until_marked("emp", "S2");
    CHECK(at.sent() == lines{"PUT S2"});
    auto corrected = completed;
    corrected.emplace_back("total_cost", R"({"before_taxes":1})");
    at.put("S2", 2, corrected);
    at.run_until_marked("emp", "S2");
    CHECK(at.sent() == lines{"PUT S2", "PUT S2"});
}

TEST_CASE(
    "modules/exchange/push_forms: a closing PUT that was lost is sent after the restart, once")
{
    push_fixture at;
    at.save(with_closing_put());
    at.begin();
    at.put("S1", 1);
    at.run_until_marked("emp", "S1");
    at.network->set_script([](const http::outbound_request& request) {
        std::optional<result<http::response>> failure;
        if (request.method == "PUT") failure = partner_network::bare(502, "");
        return failure;
    });
    at.put("S1", 2, {{"status", R"("COMPLETED")"}, {"end_date_time", R"("2024-01-01T11:00:00Z")"}});
    at.run_until([&] { return at.sent().size() >= 3; });
    at.end();
    at.network->set_script({});
    at.network->forget_requests();
    at.begin();
    at.run_until_marked("emp", "S1");
    at.end();
    at.begin();
    at.put("S2", 1);
    at.run_until_marked("emp", "S2");
    CHECK(at.sent() == lines{"PUT S1", "PUT S2"});
}

TEST_CASE(
    "modules/exchange/push_forms: with several processes each change is a PUT, for what a partner "
    "has read from another process is not known")
{
    push_fixture at;
    at.use(std::make_shared<ocpi::test::shared_crud>());
    at.add_partner("emp", "EMP");
    at.begin();
    for (int minute = 1; minute < 4; ++minute) {
        at.put("S1", minute);
        at.run_until_marked("emp", "S1");
    }
    CHECK(at.sent() == lines{"PUT S1", "PUT S1", "PUT S1"});
}

TEST_CASE("modules/exchange/push_forms: what another process has written is pushed once it is told")
{
    push_fixture at;
    at.add_partner("emp", "EMP");
    at.begin();
    at.put("S1", 1);
    at.run_until_marked("emp", "S1");
    CHECK(at.push->wants_foreign_changes());
    const auto own = std::exchange(at.sessions, nullptr);
    at.put("S1", 2);
    at.put("S2", 2);
    for (const char* id : {"S1", "S2"}) {
        const crud::object_key key("ES", "ABC", id);
        const auto stored = at.run(at.crud->get("sessions", crud::interface_side::sender, key));
        at.push->on_foreign_change(sessions::foreign_change(*stored));
    }
    at.run_until_marked("emp", "S1");
    at.run_until_marked("emp", "S2");
    CHECK(at.is_with("emp", "S1"));
    CHECK(at.is_with("emp", "S2"));
}

}  // namespace push_forms_test
