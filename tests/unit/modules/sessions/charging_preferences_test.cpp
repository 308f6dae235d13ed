#include "modules/sessions/charging_preferences.hpp"

#include "ocpi/json/document.hpp"

#include <doctest/doctest.h>

#include <string>

namespace charging_preferences_test {

using namespace ocpi;
using namespace ocpi::sessions;

namespace {

date_time at(const char* text)
{
    return parse_date_time(text)->value;
}

charging_preferences wish(const std::string& body)
{
    const auto read = read_charging_preferences(body, strictness::strict);
    REQUIRE_MESSAGE(read.has_value(), body, ": ", read.error().text());
    return *read;
}

std::string refusal(const std::string& body, strictness strict = strictness::strict)
{
    const auto read = read_charging_preferences(body, strict);
    REQUIRE(read.has_error());
    CHECK(read.error().code() == errc::invalid);
    return read.error().text();
}

}  // namespace

TEST_CASE("modules/sessions/charging_preferences: every field is read, and the text is kept")
{
    const auto read = wish(R"({"profile_type": "CHEAP", "departure_time": "2026-06-01T18:00:00.5",)"
                           R"( "energy_need": 20.50, "discharge_allowed": true, "x": [1.0]})");
    CHECK(read.profile == profile_type::cheap);
    CHECK(read.departure_time == at("2026-06-01T18:00:00.500Z"));
    CHECK(read.energy_need == decimal::parse("20.5"));
    CHECK(read.discharge_allowed);
    CHECK(read.json == R"({"profile_type":"CHEAP","departure_time":"2026-06-01T18:00:00.500Z",)"
                       R"("energy_need":20.50,"discharge_allowed":true,"x":[1.0]})");
}

TEST_CASE("modules/sessions/charging_preferences: null is as good as absent")
{
    const auto read = wish(R"({"profile_type":"FAST","departure_time":null,"energy_need":null,)"
                           R"("discharge_allowed":null})");
    CHECK_FALSE(read.departure_time.has_value());
    CHECK_FALSE(read.energy_need.has_value());
    CHECK_FALSE(read.discharge_allowed);
}

TEST_CASE("modules/sessions/charging_preferences: every bad field is named")
{
    const auto all = refusal(R"({"profile_type":"SLOW","departure_time":"soon",)"
                             R"("energy_need":"20","discharge_allowed":0})");
    for (const char* pointer :
         {"/profile_type", "/departure_time", "/energy_need", "/discharge_allowed"}) {
        CHECK(all.find(pointer) != std::string::npos);
    }
    CHECK(refusal("{}").find("/profile_type is missing") != std::string::npos);
    CHECK(refusal(R"({"profile_type":"fast"})").find("/profile_type") != std::string::npos);
    CHECK(refusal(R"({"profile_type":"FAST","energy_need":-0.1})") ==
          "/energy_need must not be negative");
    CHECK(refusal("[]").find("must be an object") != std::string::npos);
    CHECK(read_charging_preferences("{", strictness::strict).error().code() == errc::unreadable);
}

TEST_CASE("modules/sessions/charging_preferences: a body may be as deep as a member of a session")
{
    const auto nested = [](std::size_t levels) {
        return R"({"profile_type":"FAST","x":)" + std::string(levels, '[') +
               std::string(levels, ']') + '}';
    };
    const auto deepest = wish(nested(30));
    CHECK(json::parse(R"({"charging_preferences":)" + deepest.json + '}').has_value());
    CHECK(read_charging_preferences(nested(31), strictness::strict).error().code() ==
          errc::unreadable);
}

TEST_CASE("modules/sessions/charging_preferences: an offset is for the tolerant")
{
    const std::string body =
        R"({"profile_type":"FAST","departure_time":"2026-06-01T18:00:00+02:00"})";
    CHECK(refusal(body).find("/departure_time") != std::string::npos);
    const auto read = read_charging_preferences(body, strictness::tolerant);
    REQUIRE(read.has_value());
    CHECK(read->departure_time == at("2026-06-01T16:00:00Z"));
    CHECK(read->json.find("2026-06-01T16:00:00Z") != std::string::npos);
    CHECK(read->tolerated.size() == 1);
}

TEST_CASE("modules/sessions/charging_preferences: the answers")
{
    struct example {
        const char* what;
        const char* wished;
        const char* answer;
        session_status status = session_status::active;
    };
    evse asks;
    asks.profile_types = {profile_type::cheap, profile_type::fast, profile_type::regular};
    asks.requires_departure_time = true;
    asks.requires_energy_need = true;
    asks.max_power_kw = decimal::parse("11");
    const auto now = at("2026-06-01T12:00:00Z");
    for (
        const auto& [what, wished, answer, status] : {
            example{
                "all is said, and just possible",
                R"({"profile_type":"CHEAP","departure_time":"2026-06-01T14:00:00Z","energy_need":22})",
                "ACCEPTED"},
            example{
                "more than can be delivered, by very little",
                R"({"profile_type":"CHEAP","departure_time":"2026-06-01T14:00:00Z","energy_need":22.0000000000000000001})",
                "NOT_POSSIBLE"},
            example{
                "a number beyond all measure",
                R"({"profile_type":"FAST","departure_time":"2026-06-01T14:00:00Z","energy_need":1e999999999})",
                "NOT_POSSIBLE"},
            example{"FAST needs to say nothing", R"({"profile_type":"FAST"})", "ACCEPTED"},
            example{"the departure is asked for first", R"({"profile_type":"REGULAR"})",
                    "DEPARTURE_REQUIRED"},
            example{"then the energy",
                    R"({"profile_type":"REGULAR","departure_time":"2026-06-01T14:00:00Z"})",
                    "ENERGY_NEED_REQUIRED"},
            example{"energy alone", R"({"profile_type":"CHEAP","energy_need":5})",
                    "DEPARTURE_REQUIRED"},
            example{"a profile that is not offered",
                    R"({"profile_type":"GREEN","departure_time":"2026-06-01T10:00:00Z"})",
                    "PROFILE_TYPE_NOT_SUPPORTED"},
            example{"a profile that is not offered, of a session that is over",
                    R"({"profile_type":"GREEN"})", "PROFILE_TYPE_NOT_SUPPORTED",
                    session_status::completed},
            example{"a session that is over", R"({"profile_type":"FAST"})", "NOT_POSSIBLE",
                    session_status::completed},
            example{"one that is void", R"({"profile_type":"CHEAP"})", "NOT_POSSIBLE",
                    session_status::invalid},
            example{"one that has not begun", R"({"profile_type":"FAST"})", "ACCEPTED",
                    session_status::pending},
            example{"a reservation", R"({"profile_type":"FAST"})", "ACCEPTED",
                    session_status::reservation},
            example{"a departure in the past",
                    R"({"profile_type":"FAST","departure_time":"2026-06-01T11:59:59.999Z"})",
                    "NOT_POSSIBLE"},
            example{"departure in the past goes before energy that is missing",
                    R"({"profile_type":"CHEAP","departure_time":"2026-06-01T11:00:00Z"})",
                    "NOT_POSSIBLE"},
            example{
                "now, with nothing to charge",
                R"({"profile_type":"CHEAP","departure_time":"2026-06-01T12:00:00Z","energy_need":0})",
                "ACCEPTED"},
            example{
                "now, with something to charge",
                R"({"profile_type":"CHEAP","departure_time":"2026-06-01T12:00:00Z","energy_need":0.001})",
                "NOT_POSSIBLE"},
        }) {
        INFO(what);
        CHECK(to_string(judge(wish(wished), asks, status, now)) == answer);
    }
}

TEST_CASE(
    "modules/sessions/charging_preferences: without a maximum power any energy may be possible")
{
    evse unknown;
    unknown.profile_types = {profile_type::cheap};
    const auto wished = wish(
        R"({"profile_type":"CHEAP","departure_time":"2026-06-01T12:00:01Z","energy_need":1000})");
    CHECK(judge(wished, unknown, session_status::active, at("2026-06-01T12:00:00Z")) ==
          preferences_response::accepted);
}

TEST_CASE("modules/sessions/charging_preferences: only the one capability counts")
{
    evse plain;
    plain.capabilities = {"CHARGING_PROFILE_CAPABLE"};
    CHECK_FALSE(takes_charging_preferences(plain));
    plain.capabilities.emplace_back("CHARGING_PREFERENCES_CAPABLE");
    CHECK(takes_charging_preferences(plain));
}

TEST_CASE("modules/sessions/charging_preferences: the words of an answer are a closed list")
{
    CHECK(parse_preferences_response("PROFILE_TYPE_NOT_SUPPORTED") ==
          preferences_response::profile_type_not_supported);
    CHECK_FALSE(parse_preferences_response("accepted").has_value());
    CHECK_FALSE(parse_preferences_response("").has_value());
}

}  // namespace charging_preferences_test
