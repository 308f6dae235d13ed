#include "modules/managed/policy_codec.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

namespace policy_codec_test {

using namespace ocpi;
using namespace ocpi::managed;

namespace {

const std::string policy_id = "f47ac10b-58cc-4372-a567-0e02b2c3d479";

const std::string whole =
    R"({"timezone":"Europe/Madrid",)"
    R"("location":{"countryCode":"ES","partyId":"ABC","locationId":"LOC1","evseUid":"EVSE-1"},)"
    R"("contractIds":["ES-ABC-C12345678-X","DE8ACC12E46L89"],)"
    R"("vehicle":{"batteryCapacityKwh":57.5,"maxPowerKw":11},)"
    R"("batteryReserve":20,)"
    R"("schedule":[{"weekdays":["MONDAY","SUNDAY"],"readyBy":"07:00","minimumChargeTarget":50},)"
    R"({"weekdays":["SATURDAY"],"readyBy":"23:59","minimumChargeTarget":82.5}]})";

/// The policy with one piece of its text replaced.
std::string with(std::string_view piece, const std::string& other)
{
    auto text = whole;
    const auto found = text.find(piece);
    REQUIRE(found != std::string::npos);
    return text.replace(found, piece.size(), other);
}

result<policy> read(const std::string& text)
{
    const auto document = json::parse(text);
    REQUIRE_MESSAGE(document.has_value(), text);
    return read_policy(*document, policy_id);
}

std::string refusal(const std::string& text)
{
    const auto outcome = read(text);
    REQUIRE_MESSAGE(outcome.has_error(), text);
    CHECK(outcome.error().code() == errc::invalid);
    return outcome.error().text();
}

/// The pointer of the one problem with the text.
std::string bad_place(const std::string& text)
{
    const auto outcome = read(text);
    REQUIRE_MESSAGE(outcome.has_error(), text);
    CAPTURE(outcome.error().text());
    return outcome.error().pointer();
}

}  // namespace

TEST_CASE("modules/managed/policy_codec: every field is read")
{
    const auto rule = read(whole);
    REQUIRE(rule.has_value());
    CHECK(rule->id == policy_id);
    CHECK(rule->timezone.name() == "Europe/Madrid");
    CHECK(rule->location.country_code.str() == "ES");
    CHECK(rule->location.party_id.str() == "ABC");
    CHECK(rule->location.location_id.str() == "LOC1");
    REQUIRE(rule->location.evse_uid);
    CHECK(rule->location.evse_uid->str() == "EVSE-1");
    REQUIRE(rule->contract_ids.size() == 2);
    CHECK(rule->contract_ids[1].str() == "DE8ACC12E46L89");
    CHECK(rule->vehicle.battery_capacity_kwh == decimal::parse("57.5"));
    CHECK(rule->vehicle.max_power_kw == decimal::parse("11"));
    CHECK(rule->battery_reserve == decimal::parse("20"));
    REQUIRE(rule->schedule.size() == 2);
    CHECK(rule->schedule[0].weekdays ==
          std::array<bool, 7>{true, true, false, false, false, false, false});
    CHECK(rule->schedule[0].ready_by == std::chrono::minutes(7 * 60));
    CHECK(rule->schedule[0].minimum_charge_target == decimal::parse("50"));
    CHECK(rule->schedule[1].weekdays ==
          std::array<bool, 7>{false, false, false, false, false, false, true});
    CHECK(rule->schedule[1].ready_by == std::chrono::minutes(24 * 60 - 1));
}

TEST_CASE("modules/managed/policy_codec: what is written is what was read, with the id")
{
    const auto written = write_policy(*read(whole));
    CHECK(written == R"({"id":")" + policy_id + "\"," + whole.substr(1));
    CHECK(write_policy(*read(written)) == written);

    const auto anywhere = write_policy(*read(with(R"(,"evseUid":"EVSE-1")", "")));
    CHECK(anywhere.find("evseUid") == std::string::npos);
    CHECK(write_policy(*read(with(R"("EVSE-1")", "null"))) == anywhere);
}

TEST_CASE("modules/managed/policy_codec: numbers are worth what they were, however they were spelt")
{
    const auto written = write_policy(*read(with("57.5", "5.750e1")));
    CHECK(written.find(R"("batteryCapacityKwh":57.5,)") != std::string::npos);
}

TEST_CASE("modules/managed/policy_codec: the id may be repeated, in any case, but not be another")
{
    const auto named = [](const std::string& id) {
        return R"({"id":)" + id + ',' + whole.substr(1);
    };
    CHECK(read(named('"' + policy_id + '"')).has_value());
    CHECK(read(named(R"("F47AC10B-58CC-4372-A567-0E02B2C3D479")"))->id == policy_id);
    CHECK(read(named("null"))->id == policy_id);
    CHECK(bad_place(named(R"("another")")) == "/id");
    CHECK(bad_place(named("1")) == "/id");
}

TEST_CASE("modules/managed/policy_codec: every missing field is named")
{
    const auto all = refusal("{}");
    for (const char* name :
         {"/timezone", "/location", "/contractIds", "/vehicle", "/batteryReserve", "/schedule"}) {
        CAPTURE(name);
        CHECK(all.find(std::string(name) + " is missing") != std::string::npos);
    }
    const auto inner =
        refusal(R"({"timezone":"UTC","location":{},"contractIds":["A"],"vehicle":{},)"
                R"("batteryReserve":0,"schedule":[{}]})");
    for (const char* name :
         {"/location/countryCode", "/location/partyId", "/location/locationId",
          "/vehicle/batteryCapacityKwh", "/vehicle/maxPowerKw", "/schedule/0/weekdays",
          "/schedule/0/readyBy", "/schedule/0/minimumChargeTarget"}) {
        CAPTURE(name);
        CHECK(inner.find(std::string(name) + " is missing") != std::string::npos);
    }
    CHECK(inner.find("evseUid") == std::string::npos);
}

TEST_CASE("modules/managed/policy_codec: a member that is not known is refused and named")
{
    CHECK(bad_place(with("{\"timezone\"", R"({"timeZone":"UTC","timezone")")) == "/timeZone");
    CHECK(bad_place(with(R"("partyId")", R"("city":1,"partyId")")) == "/location/city");
    CHECK(bad_place(with(R"("maxPowerKw")", R"("maxPowerKW":1,"maxPowerKw")")) ==
          "/vehicle/maxPowerKW");
    CHECK(bad_place(with(R"("weekdays")", R"("week/days":1,"weekdays")")) ==
          "/schedule/0/week~1days");
    CHECK(refusal(with("{\"timezone\"", R"({"name":"","timezone")")) ==
          "/name is not known here; known are id, timezone, location, contractIds, vehicle, "
          "batteryReserve, schedule");
}

TEST_CASE("modules/managed/policy_codec: every bad value is named by its place")
{
    struct change {
        const char *piece, *other, *place;
    };
    const change changes[] = {
        {"\"Europe/Madrid\"", "\"Europe/Nowhere\"", "/timezone"},
        {"\"Europe/Madrid\"", "\"\"", "/timezone"},
        {"\"Europe/Madrid\"", "\"../zone1970.tab\"", "/timezone"},
        {"\"Europe/Madrid\"", "2", "/timezone"},
        {"\"ES\"", "\"ESP\"", "/location/countryCode"},
        {"\"ES\"", "\"\"", "/location/countryCode"},
        {"\"ABC\"", "\"ABCD\"", "/location/partyId"},
        {"\"LOC1\"", "\"\"", "/location/locationId"},
        {"\"EVSE-1\"", "\"\"", "/location/evseUid"},
        {"\"EVSE-1\"", "\"1234567890123456789012345678901234567\"", "/location/evseUid"},
        {"[\"ES-ABC-C12345678-X\",\"DE8ACC12E46L89\"]", "[]", "/contractIds"},
        {"[\"ES-ABC-C12345678-X\",\"DE8ACC12E46L89\"]", "\"A\"", "/contractIds"},
        {"DE8ACC12E46L89", "es-abc-c12345678-x", "/contractIds/1"},
        {"DE8ACC12E46L89", "1234567890123456789012345678901234567", "/contractIds/1"},
        {"DE8ACC12E46L89", "", "/contractIds/1"},
        {"DE8ACC12E46L89", "\xc3\xa9", "/contractIds/1"},
        {"\"DE8ACC12E46L89\"", "7", "/contractIds/1"},
        {"57.5", "0", "/vehicle/batteryCapacityKwh"},
        {"57.5", "-57.5", "/vehicle/batteryCapacityKwh"},
        {"57.5", "0.00000099999", "/vehicle/batteryCapacityKwh"},
        {"57.5", "1e6", "/vehicle/batteryCapacityKwh"},
        {"57.5", "1e999999999", "/vehicle/batteryCapacityKwh"},
        {"57.5", "\"57.5\"", "/vehicle/batteryCapacityKwh"},
        {":11}", ":0.0}", "/vehicle/maxPowerKw"},
        {":11}", ":1e-999999999}", "/vehicle/maxPowerKw"},
        {"\"batteryReserve\":20", "\"batteryReserve\":100.000001", "/batteryReserve"},
        {"\"batteryReserve\":20", "\"batteryReserve\":-1", "/batteryReserve"},
        {"\"batteryReserve\":20", "\"batteryReserve\":null", "/batteryReserve"},
        {"\"SUNDAY\"", "\"Sunday\"", "/schedule/0/weekdays/1"},
        {"\"SUNDAY\"", "7", "/schedule/0/weekdays/1"},
        {"\"SUNDAY\"", "\"MONDAY\"", "/schedule/0/weekdays/1"},
        {"[\"SATURDAY\"]", "[]", "/schedule/1/weekdays"},
        {"[\"SATURDAY\"]", "\"SATURDAY\"", "/schedule/1/weekdays"},
        {"07:00", "7:00", "/schedule/0/readyBy"},
        {"07:00", "24:00", "/schedule/0/readyBy"},
        {"07:00", "23:60", "/schedule/0/readyBy"},
        {"07:00", "07:00:00", "/schedule/0/readyBy"},
        {"07:00", "07.00", "/schedule/0/readyBy"},
        {"07:00", "+7:00", "/schedule/0/readyBy"},
        {"07:00", "", "/schedule/0/readyBy"},
        {":50}", ":101}", "/schedule/0/minimumChargeTarget"},
        {":82.5}", ":-0.1}", "/schedule/1/minimumChargeTarget"},
    };
    for (const auto& each : changes) {
        CAPTURE(each.other);
        CHECK(bad_place(with(each.piece, each.other)) == each.place);
    }
}

TEST_CASE("modules/managed/policy_codec: the ends of what is allowed are allowed")
{
    CHECK(read(with("\"batteryReserve\":20", "\"batteryReserve\":0")).has_value());
    CHECK(read(with("\"batteryReserve\":20", "\"batteryReserve\":100")).has_value());
    CHECK(read(with("\"batteryReserve\":20", "\"batteryReserve\":0.000001")).has_value());
    CHECK(read(with("57.5", "999999.999999")).has_value());
    const auto fine = read(with("57.5", "57.123456789012345678901234567890123456789"));
    REQUIRE(fine.has_value());
    CHECK(write_policy(*fine).find("57.123456789012345678901234567890123456789") !=
          std::string::npos);
    CHECK(read(with("07:00", "00:00"))->schedule[0].ready_by == std::chrono::minutes(0));
}

TEST_CASE("modules/managed/policy_codec: all problems are told at once")
{
    const auto all =
        refusal(R"({"timezone":"Mars","location":[],"contractIds":[1],"vehicle":null,)"
                R"("batteryReserve":200,"schedule":[1,{"weekdays":["X"],"readyBy":1}],"x":1})");
    for (const char* place :
         {"/timezone is not", "/location must", "/contractIds/0 must", "/vehicle is null",
          "/batteryReserve must", "/schedule/0 must", "/schedule/1/weekdays/0 must",
          "/schedule/1/readyBy must", "/schedule/1/minimumChargeTarget is missing", "/x is not"}) {
        CAPTURE(place);
        CHECK(all.find(place) != std::string::npos);
    }
    CHECK(refusal("[]") != "");
    CHECK(refusal("null") != "");
}

TEST_CASE("modules/managed/policy_codec: a policy has a hundred contracts at most")
{
    const auto contracts = [](int count) {
        std::string list = "[";
        for (int i = 0; i < count; ++i) list += (i > 0 ? ",\"C" : "\"C") + std::to_string(i) + '"';
        return list + ']';
    };
    CHECK(read(with("[\"ES-ABC-C12345678-X\",\"DE8ACC12E46L89\"]", contracts(100))).has_value());
    CHECK(refusal(with("[\"ES-ABC-C12345678-X\",\"DE8ACC12E46L89\"]", contracts(101))) ==
          "/contractIds has more than 100 contracts");
}

TEST_CASE("modules/managed/policy_codec: an unknown time zone is repeated")
{
    CHECK(refusal(with("Europe/Madrid", "Europe/Nowhere")) ==
          "/timezone is not a time zone of the IANA database, such as Europe/Madrid: "
          "Europe/Nowhere");
}

}  // namespace policy_codec_test
