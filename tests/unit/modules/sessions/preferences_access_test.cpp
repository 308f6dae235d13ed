#include "modules/sessions/preferences_access.hpp"

#include "tests/support/run_awaitable.hpp"
#include "tests/support/scripted_crud.hpp"
#include "tests/support/session_text.hpp"
#include "tests/support/written_at.hpp"

#include <doctest/doctest.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace preferences_access_test {

using namespace ocpi;
using namespace ocpi::sessions;
using crud::interface_side;
using test::run_awaitable;
using test::session_text;

namespace {

/// A partner's platform that answers as a test says, and notes what it was asked.
class scripted_forwarder final : public preferences_forwarder {
public:
    result<forwarded_preferences> answer = forwarded_preferences("ACCEPTED");
    std::vector<std::string> asked;

    boost::asio::awaitable<result<forwarded_preferences>> forward(party cpo, party emsp,
                                                                  std::string session_id,
                                                                  std::string body, std::string,
                                                                  protocol::trace_context) override
    {
        asked.push_back(to_string(cpo) + ' ' + to_string(emsp) + ' ' + session_id + ' ' + body);
        co_return answer;
    }
};

/// A directory that lets something happen just when it is asked.
class eventful_directory final : public evse_directory {
public:
    std::function<void()> event;
    std::optional<error> failure;

    boost::asio::awaitable<result<std::optional<evse>>> find(party, std::string,
                                                             std::string) override
    {
        if (event) event();
        if (failure) co_return *failure;
        std::optional<evse> found(std::in_place);
        found->capabilities.emplace_back("CHARGING_PREFERENCES_CAPABLE");
        found->profile_types.push_back(profile_type::fast);
        co_return found;
    }
};

struct fixture {
    std::shared_ptr<test::scripted_crud> crud = std::make_shared<test::scripted_crud>();
    session_writer sessions{crud};
    scripted_forwarder forwarder;
    eventful_directory directory;
    auth::principal caller;
    crud::object_key key{"ES", "ABC", "S1"};

    fixture() { caller.kind = auth::caller_kind::platform_operator; }

    void put(const std::string& body)
    {
        const auto sent = read_session(body, body_kind::whole, strictness::tolerant, key);
        REQUIRE(run_awaitable(sessions.put(interface_side::receiver, key, *sent,
                                           strictness::tolerant, test::written_at))
                    .has_value());
    }
    void patch(const std::string& body)
    {
        const auto sent = read_session(body, body_kind::fragment, strictness::strict, key);
        REQUIRE(
            run_awaitable(sessions.patch(interface_side::receiver, key, *sent, test::written_at))
                .has_value());
    }
    std::string stored()
    {
        return run_awaitable(sessions.reader().get(interface_side::receiver, key))->document.json;
    }

    http::answer ask_as_emsp(const std::string& body, preferences_forwarder* by)
    {
        const std::vector<std::string> parameters{"es", "abc", "s1"};
        return ask(body, parameters, [&](const http::call& call) {
            return put_received_preferences(sessions, by, call);
        });
    }
    http::answer ask_as_cpo(const std::string& body)
    {
        const std::vector<std::string> parameters{"s1"};
        const std::vector<party> own{party("ES", "XYZ"), party("ES", "ABC")};
        return ask(body, parameters, [&](const http::call& call) {
            return put_own_preferences(sessions, &directory, own, call);
        });
    }

    http::answer ask(
        const std::string& body, const std::vector<std::string>& parameters,
        const std::function<boost::asio::awaitable<http::answer>(const http::call&)>& handle)
    {
        http::request request;
        request.body = body;
        const http::target target;
        const protocol::routing routing;
        const http::call call{request,    target,  caller,
                              parameters, routing, parse_date_time("2024-01-01T11:00:00Z")->value};
        return run_awaitable(handle(call));
    }
};

const std::string fast = R"({"profile_type":"FAST"})";
const std::string kept = R"("charging_preferences":{"profile_type":"FAST"})";

}  // namespace

TEST_CASE("modules/sessions/preferences_access: what a partner accepts is kept with our copy")
{
    fixture stage;
    stage.put(session_text());
    const auto answered = stage.ask_as_emsp(fast, &stage.forwarder);
    CHECK_FALSE(answered.failure.has_value());
    CHECK(answered.data == "\"ACCEPTED\"");
    // The session by its own spelling, not that of the path; the body as it was read.
    CHECK(stage.forwarder.asked == std::vector<std::string>{"ES*ABC DE*EMP S1 " + fast});
    CHECK(stage.stored().find(kept) != std::string::npos);
}

TEST_CASE(
    "modules/sessions/preferences_access: what a partner does not accept is told and not kept")
{
    fixture stage;
    stage.put(session_text());
    for (const char* response : {"DEPARTURE_REQUIRED", "ENERGY_NEED_REQUIRED", "NOT_POSSIBLE",
                                 "PROFILE_TYPE_NOT_SUPPORTED"}) {
        stage.forwarder.answer = forwarded_preferences(response);
        const auto answered = stage.ask_as_emsp(fast, &stage.forwarder);
        CHECK(answered.data == '"' + std::string(response) + '"');
    }
    CHECK(stage.stored() == session_text());
}

TEST_CASE("modules/sessions/preferences_access: a partner that answers otherwise has failed")
{
    fixture stage;
    stage.put(session_text());
    stage.forwarder.answer = forwarded_preferences("MAYBE");
    const auto odd = stage.ask_as_emsp(fast, &stage.forwarder);
    REQUIRE(odd.failure.has_value());
    CHECK(odd.failure->code() == errc::partner_failure);
    stage.forwarder.answer = error(errc::not_found, "ES*ABC does not know this session");
    const auto unknown = stage.ask_as_emsp(fast, &stage.forwarder);
    REQUIRE(unknown.failure.has_value());
    CHECK(unknown.failure->code() == errc::not_found);
    CHECK(unknown.failure->text() == "ES*ABC does not know this session");
    CHECK(stage.stored() == session_text());
}

TEST_CASE("modules/sessions/preferences_access: without partners that is what the operator is told")
{
    fixture stage;
    stage.put(session_text());
    const auto answered = stage.ask_as_emsp(fast, nullptr);
    REQUIRE(answered.failure.has_value());
    CHECK(answered.failure->code() == errc::partner_failure);
    CHECK(answered.failure->text() == "no partner is registered for ES*ABC");
}

TEST_CASE("modules/sessions/preferences_access: a partner is asked for what makes sense only")
{
    fixture stage;
    CHECK(stage.ask_as_emsp(fast, &stage.forwarder).failure->code() == errc::not_found);
    stage.put(session_text({{"cdr_token", ""}}));
    CHECK(stage.ask_as_emsp(fast, &stage.forwarder).failure->code() == errc::invalid);
    stage.put(session_text({{"x", "1"}}));
    CHECK(stage.ask_as_emsp("{}", &stage.forwarder).failure->code() == errc::invalid);
    CHECK(stage.ask_as_emsp("{", &stage.forwarder).failure->code() == errc::unreadable);
    stage.caller.kind = auth::caller_kind::partner;
    stage.caller.roles.emplace_back(party_role::cpo, party("ES", "ABC"));
    CHECK(stage.ask_as_emsp(fast, &stage.forwarder).failure->code() == errc::not_found);
    CHECK(stage.forwarder.asked.empty());
}

TEST_CASE("modules/sessions/preferences_access: a PATCH that comes in between is not lost")
{
    fixture stage;
    stage.put(session_text());
    stage.directory.event = [&] {
        stage.patch(R"({"kwh":12.00,"last_updated":"2024-01-01T10:40:00Z"})");
    };
    CHECK(stage.ask_as_cpo(fast).data == "\"ACCEPTED\"");
    CHECK(stage.stored().find(kept) != std::string::npos);
    CHECK(stage.stored().find("\"kwh\":12.00") != std::string::npos);
    CHECK(stage.stored().find("10:40:00Z") != std::string::npos);
}

TEST_CASE(
    "modules/sessions/preferences_access: a session that ends in between takes no more of them")
{
    fixture stage;
    stage.put(session_text());
    stage.directory.event = [&] {
        stage.patch(R"({"status":"COMPLETED","last_updated":"2024-01-01T10:40:00Z"})");
    };
    CHECK(stage.ask_as_cpo(fast).data == "\"NOT_POSSIBLE\"");
    CHECK(stage.stored().find("charging_preferences") == std::string::npos);
}

TEST_CASE("modules/sessions/preferences_access: a directory that fails is answered as what it is")
{
    fixture stage;
    stage.put(session_text());
    stage.directory.failure = error(errc::overloaded, "ask later");
    CHECK(stage.ask_as_cpo(fast).failure->code() == errc::overloaded);
}

TEST_CASE("modules/sessions/preferences_access: the same again is no write")
{
    fixture stage;
    stage.put(session_text());
    CHECK(stage.ask_as_cpo(fast).data == "\"ACCEPTED\"");
    const auto updates = stage.crud->updates;
    CHECK(stage.ask_as_cpo(R"({ "profile_type" : "FAST" })").data == "\"ACCEPTED\"");
    CHECK(stage.crud->updates == updates);
}

}  // namespace preferences_access_test
