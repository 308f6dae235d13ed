#include "modules/sessions/decision.hpp"

#include "tests/support/session_text.hpp"

#include <doctest/doctest.h>

#include <random>
#include <string>

namespace decision_test {

using namespace ocpi;
using namespace ocpi::sessions;
using test::session_text;

namespace {

constexpr auto strict = strictness::strict;
constexpr auto tolerant = strictness::tolerant;
// 2024-01-01T12:00:00Z; the sample was last updated at 10:30.
constexpr date_time noon = date_time::from_milliseconds(1'704'110'400'000);

parsed_session read(const std::string& body, body_kind kind, strictness profile)
{
    static const crud::object_key address("ES", "ABC", "S1");
    auto outcome = read_session(body, kind, profile, address);
    if (outcome.has_error()) FAIL(body << " was refused: " << outcome.error().text());
    return std::move(*outcome);
}

result<decision> put(const std::string& stored, const std::string& body,
                     strictness profile = strict)
{
    const auto before = *json::parse(stored);
    return decide_put(&before, read(body, body_kind::whole, profile), profile, noon);
}

result<decision> patch(const std::string& stored, const std::string& body,
                       strictness profile = strict)
{
    const auto before = *json::parse(stored);
    return decide_patch(before, read(body, body_kind::fragment, profile), noon);
}

/// A PATCH at 10:40 with those members.
std::string at_1040(std::initializer_list<test::member> members)
{
    std::vector<test::member> all(members);
    all.emplace_back("last_updated", R"("2024-01-01T10:40:00Z")");
    return test::write_object(all);
}

/// The sample after a PATCH at 10:40 made those changes.
std::string updated(std::initializer_list<test::member> changes)
{
    std::vector<test::member> all(changes);
    std::string text = session_text(changes);
    const std::string before = "2024-01-01T10:30:00Z";
    text.replace(text.find(before), before.size(), "2024-01-01T10:40:00Z");
    return text;
}

const char* period_00 =
    R"({"start_date_time":"2024-01-01T10:00:00Z","dimensions":[{"type":"ENERGY","volume":1.0}]})";
const char* period_10 =
    R"({"start_date_time":"2024-01-01T10:10:00Z","dimensions":[{"type":"ENERGY","volume":2.0}]})";

std::string list(std::initializer_list<std::string> elements)
{
    std::string text = "[";
    for (const auto& element : elements) {
        if (text.size() > 1) text += ',';
        text += element;
    }
    return text + ']';
}

}  // namespace

TEST_CASE("modules/sessions/decision: the first PUT creates whatever it brings")
{
    for (const char* status :
         {"\"ACTIVE\"", "\"COMPLETED\"", "\"INVALID\"", "\"PENDING\"", "\"RESERVATION\""}) {
        const auto body = session_text({{"status", status}});
        const auto made = decide_put(nullptr, read(body, body_kind::whole, strict), strict, noon);
        REQUIRE(made.has_value());
        CHECK(made->changes);
        CHECK(made->json == body);
        CHECK(made->last_updated.milliseconds() == 1'704'105'000'000);
        CHECK(made->emsp == party("DE", "EMP"));
    }
}

TEST_CASE("modules/sessions/decision: a PUT replaces the whole Session")
{
    const auto stored =
        session_text({{"x", "1"}, {"meter_id", "\"M\""}, {"charging_periods", list({period_00})}});
    const auto body = updated({{"y", "41.00"}});
    const auto made = put(stored, body);
    REQUIRE(made.has_value());
    CHECK(made->changes);
    CHECK(made->json == body);
}

TEST_CASE("modules/sessions/decision: a PUT keeps its lists in the order of time")
{
    const auto made =
        put(session_text(),
            updated({{"charging_periods", list({period_10, period_00})}, {"x", "1.0"}}));
    CHECK(made->json ==
          updated({{"charging_periods", list({period_00, period_10})}, {"x", "1.0"}}));
}

TEST_CASE("modules/sessions/decision: a PUT of what is stored changes nothing, whatever its state")
{
    for (const char* status : {"\"ACTIVE\"", "\"COMPLETED\"", "\"INVALID\""}) {
        const auto stored = session_text({{"status", status}});
        CHECK_FALSE(put(stored, stored)->changes);
        const auto shuffled =
            "{\"status\":" + std::string(status) + ',' + session_text({{"status", ""}}).substr(1);
        CHECK_FALSE(put(stored, shuffled)->changes);
    }
}

TEST_CASE("modules/sessions/decision: another spelling of a number is another text, and kept")
{
    const auto made = put(session_text(), session_text({{"kwh", "10.5"}}));
    CHECK(made->changes);
    CHECK(made->json == session_text({{"kwh", "10.5"}}));
}

TEST_CASE("modules/sessions/decision: an older PUT is stale, an equally old one is applied")
{
    const auto older = session_text({{"last_updated", R"("2024-01-01T10:29:59.999Z")"}});
    const auto refused = put(session_text(), older);
    REQUIRE(refused.has_error());
    CHECK(refused.error().code() == errc::invalid);
    CHECK(refused.error().text().starts_with("stale: "));
    CHECK(put(session_text(), session_text({{"x", "1"}}))->changes);

    const auto repeated = put(session_text(), older, tolerant);
    REQUIRE(repeated.has_value());
    CHECK(repeated->json == older);
    CHECK(repeated->tolerated ==
          std::vector<std::string>{"/last_updated is older than the stored one"});
}

TEST_CASE("modules/sessions/decision: a PUT obeys the rules of the status")
{
    const auto completed = session_text({{"status", "\"COMPLETED\""}});
    CHECK(put(completed, updated({})).error().text() ==
          "/status may not go back from COMPLETED to ACTIVE");
    CHECK(put(completed, updated({{"status", "\"COMPLETED\""}, {"kwh", "11"}}))->changes);
    CHECK(put(completed, updated({{"status", "\"COMPLETED\""}, {"kwh", "10"}})).has_error());
    CHECK(put(completed, updated({{"status", "\"INVALID\""}}))->changes);
    CHECK(put(session_text({{"status", "\"INVALID\""}}), updated({{"status", "\"INVALID\""}}))
              .has_error());
}

TEST_CASE(
    "modules/sessions/decision: a pulled Session replaces what is stored, unless that is newer")
{
    const auto pull = [](const std::string& stored, const std::string& body) {
        const auto before = *json::parse(stored);
        return decide_pulled(&before, read(body, body_kind::whole, strict), noon);
    };
    const auto first = decide_pulled(nullptr, read(session_text(), body_kind::whole, strict), noon);
    REQUIRE(first.has_value());
    CHECK(first->changes);
    CHECK(first->json == session_text());
    CHECK_FALSE(pull(session_text(), session_text())->changes);
    CHECK(pull(session_text(), updated({{"kwh", "11"}}))->changes);
    CHECK(pull(session_text(), session_text({{"kwh", "11"}}))->changes);
    const auto old = pull(updated({}), session_text({{"kwh", "11"}}));
    REQUIRE(old.has_value());
    CHECK_FALSE(old->changes);
    const auto back = pull(session_text(), updated({{"status", R"("PENDING")"}}));
    REQUIRE(back.has_error());
    CHECK(back.error().code() == errc::invalid);
    CHECK(back.error().pointer() == "/status");
    const auto old_and_back = pull(updated({{"status", R"("COMPLETED")"}}), session_text());
    REQUIRE(old_and_back.has_value());
    CHECK_FALSE(old_and_back->changes);
}

TEST_CASE("modules/sessions/decision: a sender whose clock was ahead can correct itself")
{
    const auto ahead = session_text({{"last_updated", R"("2024-01-01T13:00:00Z")"}});
    const auto corrected = session_text({{"last_updated", R"("2024-01-01T12:00:00Z")"}});
    for (const auto profile : {strict, tolerant}) {
        const auto made = put(ahead, corrected, profile);
        REQUIRE(made.has_value());
        CHECK(made->json == corrected);
        CHECK(made->last_updated == noon);
        CHECK(made->tolerated.empty());
        const auto patched =
            patch(ahead, R"({"kwh":11,"last_updated":"2024-01-01T12:00:00Z"})", profile);
        REQUIRE(patched.has_value());
        CHECK(patched->last_updated == noon);
    }
    const auto cut = R"({"kwh":11,"last_updated":"2024-01-01T11:59:59Z"})";
    CHECK(patch(ahead, cut).has_value());
    const auto late = session_text({{"last_updated", R"("2024-01-01T11:59:54.999Z")"}});
    CHECK(put(ahead, late).error().text().starts_with("stale: "));
    CHECK(patch(ahead, R"({"kwh":11,"last_updated":"2024-01-01T11:59:54Z"})").has_error());

    const auto before = *json::parse(ahead);
    const auto pull = [&](const std::string& body) {
        return decide_pulled(&before, read(body, body_kind::whole, strict), noon);
    };
    CHECK(pull(corrected)->changes);
    CHECK_FALSE(pull(late)->changes);
}

TEST_CASE("modules/sessions/decision: a last_updated far ahead of our clock is taken, and named")
{
    const std::vector<std::string> named{
        "/last_updated is ahead of our clock, which shows 2024-01-01T12:00:00Z"};
    const auto at_1206 = session_text({{"last_updated", R"("2024-01-01T12:06:00Z")"}});
    for (const auto profile : {strict, tolerant}) {
        const auto created =
            decide_put(nullptr, read(at_1206, body_kind::whole, profile), profile, noon);
        REQUIRE(created.has_value());
        CHECK(created->changes);
        CHECK(created->tolerated == named);
        CHECK(put(session_text(), at_1206, profile)->tolerated == named);
        CHECK(put(at_1206, at_1206, profile)->tolerated == named);
        CHECK(patch(session_text(), R"({"kwh":11,"last_updated":"2024-01-01T12:06:00Z"})", profile)
                  ->tolerated == named);
    }
    const auto at_1205 = session_text({{"last_updated", R"("2024-01-01T12:05:00Z")"}});
    CHECK(put(session_text(), at_1205)->tolerated.empty());
    CHECK(patch(at_1206, R"({"kwh":11})", tolerant)->tolerated ==
          std::vector<std::string>{"/last_updated is missing"});
}

TEST_CASE(
    "modules/sessions/decision: what OCPI does not document is stored as sent, also after "
    "COMPLETED")
{
    const char* token = R"({"country_code":"DE","party_id":"EMP","uid":"U1","type":"RFID",)"
                        R"("contract_id":"DE-EMP-C1","whitelist":null})";
    const auto completed = session_text({{"status", "\"COMPLETED\""}, {"x", "1"}});
    const auto other = updated({{"status", "\"COMPLETED\""}, {"cdr_token", token}, {"y", "{}"}});
    const auto replaced = put(completed, other);
    REQUIRE(replaced.has_value());
    CHECK(replaced->json == other);
    const auto patched = patch(completed, at_1040({{"cdr_token", token}, {"x", "null"}}));
    REQUIRE(patched.has_value());
    CHECK(patched->json ==
          updated({{"status", "\"COMPLETED\""}, {"cdr_token", token}, {"x", "null"}}));
    CHECK(put(session_text({{"status", "\"INVALID\""}}),
              session_text({{"status", "\"INVALID\""}, {"cdr_token", token}}))
              ->changes);
}

TEST_CASE(
    "modules/sessions/decision: a list that does not tell meter values leaves those of a COMPLETED")
{
    const char* values = R"([{"timestamp":"2024-01-01T10:00:00Z"}])";
    const auto pull = [](const std::string& stored, const std::string& body) {
        const auto before = *json::parse(stored);
        return decide_pulled(&before, read(body, body_kind::whole, strict), noon);
    };
    const auto stored = session_text({{"status", "\"COMPLETED\""}, {"meter_value", values}});
    const auto kept = updated({{"status", "\"COMPLETED\""}, {"meter_value", values}});
    for (const char* absent : {"", "null"}) {
        const auto made =
            pull(stored, updated({{"status", "\"COMPLETED\""}, {"meter_value", absent}}));
        REQUIRE(made.has_value());
        CHECK(made->json == kept);
    }
    const auto emptied = updated({{"status", "\"COMPLETED\""}, {"meter_value", "[]"}});
    CHECK(pull(stored, emptied).error().text() ==
          "/meter_value may not lose entries once the session is COMPLETED");
    CHECK(pull(session_text({{"meter_value", values}}), updated({}))->json == updated({}));
}

TEST_CASE("modules/sessions/decision: a PUT without a token concerns nobody")
{
    const auto made = put(session_text(), updated({{"cdr_token", ""}}), tolerant);
    CHECK_FALSE(made->emsp);
}

TEST_CASE(
    "modules/sessions/decision: a PATCH changes what it brings and leaves the rest to the letter")
{
    const auto stored = session_text({{"x", R"({"b":1.00,"a":[null]})"}});
    const auto made = patch(stored, at_1040({{"kwh", "12.0"}}));
    REQUIRE(made.has_value());
    CHECK(made->changes);
    CHECK(made->json == updated({{"kwh", "12.0"}, {"x", R"({"b":1.00,"a":[null]})"}}));
    CHECK(made->last_updated.milliseconds() == 1'704'105'600'000);
    CHECK(made->emsp == party("DE", "EMP"));
}

TEST_CASE(
    "modules/sessions/decision: a PATCH adds new members behind the old ones, unknown ones too")
{
    const auto made = patch(session_text(), at_1040({{"y\\u0041", "1.50"}, {"x", "{}"}}));
    auto expected = updated({});
    expected.back() = ',';
    CHECK(made->json == expected + R"("y\u0041":1.50,"x":{}})");
}

TEST_CASE("modules/sessions/decision: a PATCH replaces objects whole")
{
    const auto stored =
        session_text({{"total_cost", R"({"before_taxes":1,"taxes":[{"name":"V","amount":1}]})"}});
    CHECK(patch(stored, at_1040({{"total_cost", R"({"before_taxes":2.00})"}}))->json ==
          updated({{"total_cost", R"({"before_taxes":2.00})"}}));
    const char* other = R"({"country_code":"FR","party_id":"XYZ","uid":"2","type":"RFID",)"
                        R"("contract_id":"C"})";
    CHECK(patch(stored, at_1040({{"cdr_token", other}}))->emsp == party("FR", "XYZ"));
}

TEST_CASE("modules/sessions/decision: null clears a field of OCPI, and is kept in one that is none")
{
    const auto stored = session_text({{"meter_id", "\"M\""}, {"x", "1"}});
    CHECK(patch(stored, at_1040({{"meter_id", "null"}, {"x", "null"}}))->json ==
          updated({{"x", "null"}}));
    CHECK(patch(stored, at_1040({{"total_cost", "null"}}))->json ==
          updated({{"meter_id", "\"M\""}, {"x", "1"}}));
}

TEST_CASE(
    "modules/sessions/decision: a PATCH appends to the lists, and null or nothing leaves them")
{
    const auto stored = session_text({{"charging_periods", list({period_10})}});
    CHECK(patch(stored, at_1040({{"charging_periods", list({period_00, period_10})}}))->json ==
          updated({{"charging_periods", list({period_00, period_10})}}));
    for (const char* nothing : {"null", "[]"}) {
        CHECK(patch(stored, at_1040({{"charging_periods", nothing}}))->json ==
              updated({{"charging_periods", list({period_10})}}));
    }
    const auto first = patch(session_text(), at_1040({{"meter_value", R"([{"timestamp":"x"}])"}}));
    auto expected = updated({});
    expected.back() = ',';
    CHECK(first->json == expected + R"("meter_value":[{"timestamp":"x"}]})");
}

TEST_CASE("modules/sessions/decision: a PATCH played again changes nothing")
{
    const auto body = at_1040({{"kwh", "12"},
                               {"charging_periods", list({period_00, period_10})},
                               {"meter_value", R"([{"timestamp":"2024-01-01T10:40:00Z"},7])"},
                               {"meter_id", "null"},
                               {"x", "null"}});
    const auto once = patch(session_text({{"meter_id", "\"M\""}}), body);
    REQUIRE(once->changes);
    CHECK_FALSE(patch(once->json, body)->changes);
}

TEST_CASE("modules/sessions/decision: an older PATCH is stale, an equally old one is applied")
{
    CHECK(patch(session_text(), R"({"kwh":11,"last_updated":"2024-01-01T10:29:59Z"})")
              .error()
              .text()
              .starts_with("stale: "));
    CHECK(patch(session_text(), R"({"kwh":11,"last_updated":"2024-01-01T10:29:59Z"})", tolerant)
              .has_error());
    const auto equal = patch(session_text(), R"({"kwh":11,"last_updated":"2024-01-01T10:30:00Z"})");
    CHECK(equal->json == session_text({{"kwh", "11"}}));
}

TEST_CASE("modules/sessions/decision: a tolerant PATCH without last_updated counts as of now")
{
    const auto made = patch(session_text(), R"({"kwh":11})", tolerant);
    CHECK(made->last_updated == noon);
    CHECK(made->json ==
          session_text({{"kwh", "11"}, {"last_updated", R"("2024-01-01T12:00:00Z")"}}));

    const auto future = session_text({{"last_updated", R"("2030-01-01T00:00:00.500Z")"}});
    CHECK(patch(future, R"({"kwh":11})", tolerant)->json ==
          session_text({{"kwh", "11"}, {"last_updated", R"("2030-01-01T00:00:00.500Z")"}}));
}

TEST_CASE(
    "modules/sessions/decision: a tolerant PATCH that says nothing new leaves last_updated alone")
{
    CHECK_FALSE(patch(session_text(), "{}", tolerant)->changes);
    CHECK_FALSE(patch(session_text(), R"({"kwh":10.50})", tolerant)->changes);
    CHECK_FALSE(patch(session_text(), R"({"last_updated":null})", tolerant)->changes);
    CHECK(patch(session_text(), R"({"kwh":11,"last_updated":null})", tolerant)->json ==
          session_text({{"kwh", "11"}, {"last_updated", R"("2024-01-01T12:00:00Z")"}}));
}

TEST_CASE("modules/sessions/decision: a PATCH obeys the rules of the status")
{
    const auto completed = session_text({{"status", "\"COMPLETED\""}});
    CHECK(patch(completed, at_1040({{"status", "\"ACTIVE\""}})).has_error());
    CHECK(patch(completed, at_1040({{"kwh", "10.49"}})).has_error());
    CHECK(patch(completed, at_1040({{"currency", "\"USD\""}})).error().text() ==
          "/currency may not change once the session is COMPLETED");
    CHECK(patch(completed, at_1040({{"end_date_time", "null"}}))->changes);
    CHECK(patch(completed, at_1040({{"kwh", "11"}, {"charging_periods", list({period_00})}}))
              ->changes);
    CHECK(patch(session_text(), at_1040({{"status", "\"PENDING\""}})).has_error());
    CHECK(patch(session_text({{"status", "\"INVALID\""}}), at_1040({})).has_error());
}

TEST_CASE("modules/sessions/decision: a PATCH is not refused for a gap that was tolerated before")
{
    const auto stored = session_text({{"cdr_token", ""}, {"auth_method", ""}});
    const auto made = patch(stored, at_1040({{"kwh", "11"}}));
    REQUIRE(made.has_value());
    CHECK_FALSE(made->emsp);
}

TEST_CASE("modules/sessions/decision: an address in a PATCH says nothing, not even by its case")
{
    const auto made = patch(session_text(), R"({"country_code":"es","id":"s1",)"
                                            R"("last_updated":"2024-01-01T10:30:00Z"})");
    CHECK_FALSE(made->changes);
}

TEST_CASE("modules/sessions/decision: a session grows to 8 MiB and no further")
{
    const auto fill = [](std::size_t size) {
        return session_text({{"x", '"' + std::string(size, 'x') + '"'}});
    };
    const auto overhead = fill(0).size();
    const auto body = R"({"last_updated":"2024-01-01T10:40:00Z"})";
    CHECK(patch(fill(max_session_bytes - overhead), body)->changes);
    const auto refused = patch(fill(max_session_bytes - overhead + 1), body);
    REQUIRE(refused.has_error());
    CHECK(refused.error().code() == errc::invalid);
    CHECK(refused.error().text() == "the session would grow beyond 8388608 bytes");
}

TEST_CASE("modules/sessions/decision: a damaged stored session is the store's failure")
{
    CHECK(put("{}", session_text()).error().code() == errc::storage);
    CHECK(patch("[]", at_1040({})).error().code() == errc::storage);
}

TEST_CASE(
    "modules/sessions/decision: bodies with a hundred thousand members are compared in one pass")
{
    const auto members = [](const char* prefix) {
        std::string text;
        for (int i = 0; i < 100'000; ++i) {
            text += ",\"" + std::string(prefix) + std::to_string(i) + "\":0";
        }
        return text + '}';
    };
    const auto with = [](std::string object, const std::string& more) {
        object.pop_back();
        return object + more;
    };
    const auto stored = with(session_text(), members("a"));
    const auto made = patch(stored, with(at_1040({{"kwh", "11"}}), members("b")));
    REQUIRE(made.has_value());
    CHECK(made->changes);
    CHECK_FALSE(patch(made->json, with(at_1040({}), members("a")))->changes);
}

TEST_CASE(
    "modules/sessions/decision: random PATCHes played twice leave what they leave played once")
{
    const auto seed = std::random_device()();
    CAPTURE(seed);
    std::mt19937 random(seed);
    const auto pick = [&random](int below) {
        return static_cast<int>(random() % static_cast<unsigned>(below));
    };
    const auto minute = [](int m) { return (m < 10 ? "0" : "") + std::to_string(m); };
    for (int round = 0; round < 200; ++round) {
        std::string once = session_text({{"status", "\"PENDING\""}});
        std::string again = once;
        int now = 30;
        for (int step = 0; step < 12; ++step) {
            now = std::min(59, now + pick(3));
            std::vector<test::member> members{
                {"last_updated", "\"2024-01-01T10:" + minute(now) + ":00Z\""}};
            if (pick(2) == 0) members.emplace_back("kwh", std::to_string(pick(4)) + ".50");
            if (pick(4) == 0) members.emplace_back("meter_id", pick(2) == 0 ? "null" : "\"M\"");
            if (pick(3) == 0) members.emplace_back("x", pick(2) == 0 ? "null" : "1.0");
            if (pick(5) == 0) members.emplace_back("status", "\"ACTIVE\"");
            if (pick(2) == 0) {
                std::string periods = "[";
                for (int i = pick(4); i >= 0; --i) {
                    periods += R"({"start_date_time":"2024-01-01T10:)" + minute(pick(4)) +
                               R"(:00Z","dimensions":[{"type":"ENERGY","volume":)" +
                               std::to_string(pick(2)) + "}]}" + (i > 0 ? "," : "]");
                }
                members.emplace_back("charging_periods", periods);
            }
            if (pick(2) == 0) {
                members.emplace_back("meter_value", R"([{"timestamp":"2024-01-01T10:)" +
                                                        minute(pick(60)) + R"(:00Z"}])");
            }
            const auto body = test::write_object(members);
            CAPTURE(body);
            const auto first = patch(once, body);
            REQUIRE(first.has_value());
            if (first->changes) once = first->json;
            for (int i = 0; i <= pick(3); ++i) {
                const auto made = patch(again, body);
                REQUIRE(made.has_value());
                CHECK((i == 0 || !made->changes));
                if (made->changes) again = made->json;
            }
            REQUIRE(again == once);
        }
    }
}

}  // namespace decision_test
