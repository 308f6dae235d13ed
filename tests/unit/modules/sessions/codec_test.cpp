#include "modules/sessions/codec.hpp"

#include "tests/support/session_text.hpp"

#include <doctest/doctest.h>

#include <string>

namespace codec_test {

using namespace ocpi;
using namespace ocpi::sessions;
using test::session_text;

namespace {

const crud::object_key& address()
{
    static const crud::object_key key("ES", "ABC", "S1");
    return key;
}

parsed_session read(const std::string& body, body_kind kind = body_kind::whole,
                    strictness strict = strictness::strict)
{
    auto outcome = read_session(body, kind, strict, address());
    if (outcome.has_error()) FAIL(body << " was refused: " << outcome.error().text());
    return std::move(*outcome);
}

std::string problem(const std::string& body, body_kind kind = body_kind::whole,
                    strictness strict = strictness::strict)
{
    const auto outcome = read_session(body, kind, strict, address());
    if (outcome.has_value()) return {};
    CHECK(outcome.error().code() == errc::invalid);
    return outcome.error().text();
}

constexpr auto whole = body_kind::whole;
constexpr auto fragment = body_kind::fragment;
constexpr auto strict = strictness::strict;
constexpr auto tolerant = strictness::tolerant;

}  // namespace

TEST_CASE("modules/sessions/codec: every field of a whole Session is read")
{
    const auto parsed = read(session_text({
        {"end_date_time", R"("2024-01-01T11:00:00Z")"},
        {"authorization_reference", R"("A1")"},
        {"meter_id", R"("M é")"},
        {"charging_periods",
         R"([{"start_date_time":"2024-01-01T10:00:00Z","tariff_id":"T1",)"
         R"("dimensions":[{"type":"ENERGY","volume":1.50},{"type":"NEW","volume":-1}]}])"},
        {"total_cost",
         R"({"before_taxes":4.00,"taxes":[{"name":"VAT","percentage":10,"amount":0.40}]})"},
    }));
    const auto& fields = parsed.fields;
    CHECK(fields.country_code->str() == "ES");
    CHECK(fields.id->str() == "S1");
    CHECK(fields.start_date_time->milliseconds() == 1'704'103'200'000);
    CHECK(fields.end_date_time->milliseconds() == 1'704'106'800'000);
    CHECK(*fields.kwh == *decimal::parse("10.5"));
    CHECK(fields.cdr_token->emsp() == party("DE", "EMP"));
    CHECK(fields.cdr_token->uid.str() == "U1");
    CHECK(fields.cdr_token->type == "RFID");
    CHECK(fields.cdr_token->contract_id.str() == "DE-EMP-C1");
    CHECK(fields.auth_method == auth_method::whitelist);
    CHECK(fields.authorization_reference->str() == "A1");
    CHECK(*fields.meter_id == "M é");
    CHECK(*fields.currency == "EUR");
    REQUIRE(fields.charging_periods.size() == 1);
    CHECK(fields.charging_periods[0].tariff_id->str() == "T1");
    REQUIRE(fields.charging_periods[0].dimensions.size() == 2);
    CHECK(fields.charging_periods[0].dimensions[1].type == "NEW");
    CHECK(fields.charging_periods[0].dimensions[1].volume.is_negative());
    CHECK(fields.total_cost->before_taxes == *decimal::parse("4"));
    REQUIRE(fields.total_cost->taxes.size() == 1);
    CHECK(*fields.total_cost->taxes[0].percentage == *decimal::parse("10"));
    CHECK(fields.status == session_status::active);
    CHECK(parsed.tolerated.empty());
}

TEST_CASE("modules/sessions/codec: what is stored is what was sent, but for the form of DateTimes")
{
    const auto body = session_text({{"start_date_time", R"("2024-01-01T10:00:00.12")"},
                                    {"kwh", "1.00e1"},
                                    {"x", R"({"a":[null,"\u0041"]})"}});
    const auto expected = session_text({{"start_date_time", R"("2024-01-01T10:00:00.120Z")"},
                                        {"kwh", "1.00e1"},
                                        {"x", R"({"a":[null,"\u0041"]})"}});
    CHECK(read(body).document.text() == expected);
    CHECK(read(session_text()).document.text() == session_text());
}

TEST_CASE("modules/sessions/codec: a Session needs every required field, and every gap is named")
{
    for (const char* name :
         {"country_code", "party_id", "id", "start_date_time", "kwh", "cdr_token", "auth_method",
          "location_id", "evse_uid", "connector_id", "currency", "status", "last_updated"}) {
        CAPTURE(name);
        CHECK(problem(session_text({{name, ""}}))
                  .starts_with(std::string("/") + name + " is missing: "));
        CHECK(problem(session_text({{name, "null"}}))
                  .starts_with(std::string("/") + name + " is null: "));
    }
    CHECK(problem("{}").find("/last_updated is missing") != std::string::npos);
    CHECK(problem("{}").find("/country_code is missing") != std::string::npos);
}

TEST_CASE("modules/sessions/codec: optional fields may be absent or null")
{
    for (const char* name : {"end_date_time", "authorization_reference", "meter_id",
                             "charging_periods", "total_cost"}) {
        CAPTURE(name);
        read(session_text({{name, "null"}}));
    }
    read(session_text({{"charging_periods", "[]"}}));
}

TEST_CASE("modules/sessions/codec: lengths are those of the specification")
{
    const auto text = [](std::size_t length) { return '"' + std::string(length, 'x') + '"'; };
    for (const auto& [name, longest] :
         {std::pair("location_id", 36), std::pair("evse_uid", 36), std::pair("connector_id", 36),
          std::pair("authorization_reference", 36), std::pair("meter_id", 255),
          std::pair("currency", 3)}) {
        CAPTURE(name);
        const auto length = static_cast<std::size_t>(longest);
        read(session_text({{name, text(length)}}));
        CHECK(problem(session_text({{name, text(length + 1)}})) ==
              std::string("/") + name + " is longer than " + std::to_string(longest) +
                  " characters");
    }
}

TEST_CASE("modules/sessions/codec: problems deep inside are pointed at, all of them")
{
    CHECK(problem(session_text({
              {"kwh", "\"1\""},
              {"cdr_token", R"({"country_code":"DE","party_id":"EMPX","uid":"U","type":"RFID"})"},
              {"charging_periods",
               R"([7,{"start_date_time":"x","dimensions":[]},)"
               R"({"start_date_time":"2024-01-01T10:00:00Z","dimensions":[{"type":"E"}]}])"},
              {"total_cost", R"({"taxes":[{"name":"VAT"},1]})"},
          })) ==
          "/kwh must be a number, not a string; "
          "/cdr_token/party_id is longer than 3 characters; "
          "/cdr_token/contract_id is missing: a string is required; "
          "/charging_periods/0 must be an object, not a number; "
          "/charging_periods/1/start_date_time is not a DateTime such as 2024-01-01T10:00:00Z: "
          "\"x\"; "
          "/charging_periods/1/dimensions is empty: at least one element is required; "
          "/charging_periods/2/dimensions/0/volume is missing: a number is required; "
          "/total_cost/before_taxes is missing: a number is required; "
          "/total_cost/taxes/0/amount is missing: a number is required; "
          "/total_cost/taxes/1 must be an object, not a number");
}

TEST_CASE("modules/sessions/codec: closed enumerations are closed, open ones are not")
{
    CHECK(problem(session_text({{"status", "\"active\""}})) ==
          "/status must be one of ACTIVE, COMPLETED, INVALID, PENDING, RESERVATION, not "
          "\"active\"");
    CHECK(problem(session_text({{"auth_method", "\"NONE\""}})) ==
          "/auth_method must be one of AUTH_REQUEST, COMMAND, WHITELIST, not \"NONE\"");
    read(session_text({{"cdr_token", R"({"country_code":"DE","party_id":"EMP","uid":"U",)"
                                     R"("type":"TELEPATHY","contract_id":"C"})"}}));
    for (const auto status :
         {session_status::active, session_status::completed, session_status::invalid,
          session_status::pending, session_status::reservation}) {
        const auto text = '"' + std::string(to_string(status)) + '"';
        CHECK(read(session_text({{"status", text}})).fields.status == status);
    }
}

TEST_CASE("modules/sessions/codec: what is legal by type passes, odd or not")
{
    read(session_text({{"kwh", "-5"}, {"end_date_time", R"("1999-01-01T00:00:00Z")"}}));
    read(session_text({{"currency", "\"\""}, {"evse_uid", "\"#NA\""}}));
}

TEST_CASE("modules/sessions/codec: owner and id are those of the URL, whatever their case")
{
    read(session_text({{"country_code", "\"es\""}, {"id", "\"s1\""}}));
    CHECK(problem(session_text({{"country_code", "\"DE\""}})) ==
          "/country_code must be the country_code of the URL");
    CHECK(problem(session_text({{"party_id", "\"XXX\""}, {"id", "\"S2\""}})) ==
          "/party_id must be the party_id of the URL; /id must be the id of the URL");
    CHECK(problem(R"({"id":"S2","last_updated":"2024-01-01T11:00:00Z"})", fragment) ==
          "/id must be the id of the URL");
}

TEST_CASE("modules/sessions/codec: a fragment may leave out anything but last_updated")
{
    CHECK(read(R"({"last_updated":"2024-01-01T11:00:00Z"})", fragment).fields.last_updated);
    CHECK(problem("{}", fragment) == "/last_updated is missing: a string is required");
    for (const char* name : {"country_code", "kwh", "cdr_token", "auth_method", "location_id",
                             "currency", "status", "start_date_time"}) {
        CAPTURE(name);
        CHECK(
            problem("{\"" + std::string(name) + R"(":null,"last_updated":"2024-01-01T11:00:00Z"})",
                    fragment)
                .starts_with(std::string("/") + name + " is null: "));
    }
    read(R"({"meter_id":null,"charging_periods":null,"last_updated":"2024-01-01T11:00:00Z"})",
         fragment);
}

TEST_CASE("modules/sessions/codec: tolerance is for a named set of deviations, and names them")
{
    using names = std::vector<std::string>;
    CHECK(read(session_text({{"cdr_token", ""}, {"auth_method", "null"}}), whole, tolerant)
              .tolerated == names{"/cdr_token is missing", "/auth_method is missing"});
    CHECK(read(R"({"kwh":1})", fragment, tolerant).tolerated == names{"/last_updated is missing"});
    CHECK(read(R"({"last_updated":null})", fragment, tolerant).tolerated.size() == 1);

    const auto reserved =
        read(session_text({{"status", "\"RESERVED\""},
                           {"start_date_time", R"("2024-01-01T12:00:00+02:00")"}}),
             whole, tolerant);
    CHECK(reserved.fields.status == session_status::reservation);
    CHECK(reserved.tolerated ==
          names{"/start_date_time converted to UTC", "/status RESERVED stored as RESERVATION"});
    CHECK(reserved.document.text() == session_text({{"status", "\"RESERVATION\""}}));
    CHECK(read(session_text(), whole, tolerant).tolerated.empty());
}

TEST_CASE(
    "modules/sessions/codec: the strict profile tolerates none of it, the tolerant one no more")
{
    CHECK(problem(session_text({{"status", "\"RESERVED\""}})).starts_with("/status must be"));
    CHECK(problem(session_text({{"last_updated", R"("2024-01-01T12:00:00+02:00")"}})) ==
          "/last_updated must be in UTC, without an offset: \"2024-01-01T12:00:00+02:00\"");
    CHECK(problem(session_text({{"last_updated", ""}}), whole, tolerant) ==
          "/last_updated is missing: a string is required");
    CHECK(problem(session_text({{"cdr_token", "{}"}}), whole, tolerant)
              .starts_with("/cdr_token/country_code is missing"));
    CHECK(problem(session_text({{"kwh", "\"1\""}}), whole, tolerant) ==
          "/kwh must be a number, not a string");
}

TEST_CASE("modules/sessions/codec: the DateTimes of a strict sender are converted on demand")
{
    const auto body = session_text({{"start_date_time", R"("2024-01-01 10:00:00Z")"},
                                    {"end_date_time", R"("2024-01-01T12:00:00+01:00")"}});
    CHECK(problem(body).starts_with("/start_date_time is not a DateTime"));
    const auto taken = read_session(body, whole, strict, address(), protocol::version::v2_3_0,
                                    json::converted_timestamps);
    REQUIRE(taken.has_value());
    CHECK(taken->document.text() == session_text({{"end_date_time", R"("2024-01-01T11:00:00Z")"}}));
    CHECK(taken->tolerated ==
          std::vector<std::string>{"/start_date_time written with T for the blank",
                                   "/end_date_time converted to UTC"});
    const auto gap = session_text({{"cdr_token", ""}});
    CHECK(read_session(gap, whole, strict, address(), protocol::version::v2_3_0,
                       json::converted_timestamps)
              .has_error());
}

TEST_CASE("modules/sessions/codec: numbers too long to be kept are refused, in unknown fields too")
{
    const std::string longest(100, '9');
    read(session_text({{"kwh", longest}, {"x", longest}}));
    CHECK(problem(session_text({{"x", "[" + longest + "9]"}})) ==
          "/x/0 is a number of more than 100 characters");
}

TEST_CASE("modules/sessions/codec: what is no JSON is unreadable, what is no object is invalid")
{
    for (const char* body : {"", "{", "{\"a\":1,\"a\":2}", "\xff"}) {
        const auto outcome = read_session(body, whole, strict, address());
        REQUIRE(outcome.has_error());
        CHECK(outcome.error().code() == errc::unreadable);
    }
    CHECK(problem("[]") == "the body must be an object, not an array");
    CHECK(problem("null", fragment) == "the body must be an object, not null");
}

TEST_CASE("modules/sessions/codec: an answer about many long numbers stays small")
{
    // The pointer to each of them repeats the long name.
    std::string body = "{\"" + std::string(300'000, 'n') + "\":[";
    for (int i = 0; i < 6000; ++i) body += std::string(i == 0 ? "" : ",") + std::string(101, '1');
    body += "]}";
    const auto outcome = read_session(body, whole, strict, address());
    REQUIRE(outcome.has_error());
    CHECK(outcome.error().text().size() < 2 * body.size());
}

TEST_CASE(
    "modules/sessions/codec: the head of a stored Session is read, gaps tolerated before or not")
{
    const auto stored = *json::parse(session_text({{"cdr_token", ""}, {"auth_method", ""}}));
    const auto head = read_stored_head(stored);
    CHECK(*head.kwh == *decimal::parse("10.5"));
    CHECK_FALSE(head.cdr_token);
    CHECK(head.status == session_status::active);
    CHECK(head.last_updated->milliseconds() == 1'704'105'000'000);
    const auto damaged = *json::parse("[]");
    CHECK_FALSE(read_stored_head(damaged).status);
}

TEST_CASE("modules/sessions/codec: a check judges as a strict PUT would, without an address")
{
    json::diagnostics findings;
    const auto sound = *json::parse(session_text({{"country_code", "\"XX\""}}));
    check_session(sound.root(), "", findings);
    CHECK(findings.problems().empty());
    const auto list = *json::parse("[" + session_text({{"kwh", ""}}) + ",1]");
    check_session(*list.root().begin(), "/0", findings);
    check_session(*++list.root().begin(), "/1", findings);
    REQUIRE(findings.problems().size() == 2);
    CHECK(findings.problems()[0].pointer == "/0/kwh");
    CHECK(findings.problems()[1].pointer == "/1");
}

}  // namespace codec_test
