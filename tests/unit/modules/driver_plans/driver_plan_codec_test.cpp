#include "modules/driver_plans/driver_plan_codec.hpp"

#include <doctest/doctest.h>

#include <string>

namespace driver_plan_codec_test {

using namespace ocpi;
using namespace ocpi::driver_plans;

namespace {

const std::string sound =
    R"({"currency":"EUR","timezone":"Europe/Madrid","billingPeriod":"MONTH","tiers":)"
    R"([{"upToKwh":100,"pricePerKwh":0},{"upToKwh":250.50,"pricePerKwh":0.25},)"
    R"({"upToKwh":null,"pricePerKwh":0.400}],"contractIds":["DE-ABC-1","DE-ABC-2"]})";

/// `sound` with one text in place of another.
std::string with(const std::string& wanted, const std::string& instead)
{
    auto text = sound;
    const auto place = text.find(wanted);
    REQUIRE(place != std::string::npos);
    return text.replace(place, wanted.size(), instead);
}

/// What is wrong with the plan, `=` for nothing.
std::string fault(const std::string& body, const std::string& id = "home")
{
    const auto read = read_driver_plan(body, id);
    if (!read.has_error()) return "=";
    CHECK(read.error().code() == errc::invalid);
    return read.error().text();
}

std::string fault_of_tiers(const std::string& tiers)
{
    const auto begin = sound.find("[{");
    auto text = sound;
    return fault(text.replace(begin, sound.find("}]") + 2 - begin, tiers));
}

}  // namespace

TEST_CASE("modules/driver_plans/driver_plan_codec: a plan is read to the last field")
{
    const auto read = read_driver_plan(sound, "home");
    REQUIRE(read.has_value());
    CHECK(read->id == "home");
    CHECK(read->currency == "EUR");
    CHECK(read->timezone.name() == "Europe/Madrid");
    REQUIRE(read->tiers.size() == 3);
    CHECK(read->tiers[1].up_to_kwh == decimal::parse("250.5"));
    CHECK(read->tiers[1].price_per_kwh == *decimal::parse("0.25"));
    CHECK_FALSE(read->tiers[2].up_to_kwh);
    REQUIRE(read->contract_ids.size() == 2);
    CHECK(read->contract_ids[1].str() == "DE-ABC-2");
}

TEST_CASE("modules/driver_plans/driver_plan_codec: what is written can be read, and says the same")
{
    const auto written = write_driver_plan(*read_driver_plan(sound, "home"));
    CHECK(written ==
          R"({"id":"home","currency":"EUR","timezone":"Europe/Madrid","billingPeriod":"MONTH",)"
          R"("tiers":[{"upToKwh":100,"pricePerKwh":0},{"upToKwh":250.5,"pricePerKwh":0.25},)"
          R"({"upToKwh":null,"pricePerKwh":0.4}],"contractIds":["DE-ABC-1","DE-ABC-2"]})");
    CHECK(write_driver_plan(*read_driver_plan(written, "home")) == written);
}

TEST_CASE("modules/driver_plans/driver_plan_codec: what may be left out or be odd")
{
    CHECK(fault(with(R"("upToKwh":null,)", "")) == "=");
    CHECK(fault(with(R"("upToKwh":null,)", R"("upToKwh":300,)")) == "=");
    CHECK(fault(with(R"(["DE-ABC-1","DE-ABC-2"])", "[]")) == "=");
    CHECK(fault(with(R"({"currency")", R"({"id":"HOME","currency")")) == "=");
    CHECK(fault(with(R"({"currency")", R"({"id":null,"currency")")) == "=");
    CHECK(fault(with("0.25", "2.5e-1")) == "=");
    CHECK(fault(with("0.25", "-0")) == "=");
    CHECK(fault_of_tiers(R"([{"pricePerKwh":0.3}])") == "=");
}

TEST_CASE("modules/driver_plans/driver_plan_codec: every bad field is named by its pointer")
{
    CHECK(fault("{}") ==
          "/currency is missing: a string is required; /timezone is missing: a string is required; "
          "/billingPeriod is missing: a string is required; "
          "/tiers is missing: an array is required; /contractIds is missing: an array is required");
    CHECK(fault("[]") == "the body must be an object, not an array");
    CHECK(fault(with("EUR", "euro")) == "/currency must be an ISO 4217 code such as EUR");
    CHECK(fault(with("EUR", "eur")) == "/currency must be an ISO 4217 code such as EUR");
    CHECK(fault(with("Europe/Madrid", "Madrid")) ==
          "/timezone is no time zone of the IANA database such as Europe/Madrid");
    CHECK(fault(with("MONTH", "WEEK")) == R"(/billingPeriod must be one of MONTH, not "WEEK")");
    CHECK(fault(with(R"("DE-ABC-2")", R"("de-abc-1")")) == "/contractIds/1 is in the list twice");
    CHECK(fault(with(R"("DE-ABC-2")", "5")) ==
          "/contractIds/1 must be a contract id of 1 to 36 printable ASCII characters");
    CHECK(fault(with("DE-ABC-1", "")) ==
          "/contractIds/0 must be a contract id of 1 to 36 printable ASCII characters");
    CHECK(fault(with(R"(["DE-ABC-1","DE-ABC-2"])", "null")) ==
          "/contractIds is null: an array is required");
    CHECK(fault(with(R"({"currency")", R"({"id":"work","currency")")) ==
          "/id must be the id of the URL");
    CHECK(fault(sound, std::string(37, 'x')) ==
          "/id of the URL may hold up to 36 printable ASCII characters");
}

TEST_CASE("modules/driver_plans/driver_plan_codec: members that are not known are refused")
{
    CHECK(fault(with(R"({"currency")", R"({"a/b":1,"currency")")) ==
          "/a~1b is not known here; known are id, currency, timezone, billingPeriod, tiers, "
          "contractIds");
    CHECK(fault(with(R"({"upToKwh":100)", R"({"price":1,"upToKwh":100)")) ==
          "/tiers/0/price is not known here; known are upToKwh, pricePerKwh");
}

TEST_CASE("modules/driver_plans/driver_plan_codec: tiers rise, and only the last may have no end")
{
    CHECK(fault_of_tiers("[]") == "/tiers is empty: at least one element is required");
    const auto rising = [](int count) {
        std::string list;
        for (int i = 1; i <= count; ++i) {
            list +=
                (i > 1 ? "," : "[") + (R"({"pricePerKwh":1,"upToKwh":)" + std::to_string(i)) + '}';
        }
        return list + ']';
    };
    CHECK(fault_of_tiers(rising(100)) == "=");
    CHECK(fault_of_tiers(rising(101)) == "/tiers has more than 100 tiers");
    CHECK(fault_of_tiers("[5]") == "/tiers/0 must be an object, not a number");
    CHECK(fault_of_tiers(R"([{"upToKwh":0,"pricePerKwh":1}])") ==
          "/tiers/0/upToKwh must be greater than 0, where the tier begins");
    CHECK(fault_of_tiers(R"([{"upToKwh":10,"pricePerKwh":1},{"upToKwh":10.0,"pricePerKwh":1}])") ==
          "/tiers/1/upToKwh must be greater than 10, where the tier begins");
    CHECK(fault_of_tiers(R"([{"upToKwh":null,"pricePerKwh":1},{"pricePerKwh":1}])") ==
          "/tiers/0/upToKwh is missing: only the last tier may be without an end");
    CHECK(fault_of_tiers(R"([{"upToKwh":9,"pricePerKwh":-0.1}])") ==
          "/tiers/0/pricePerKwh must not be negative");
    CHECK(fault_of_tiers(R"([{"upToKwh":9}])") ==
          "/tiers/0/pricePerKwh is missing: a number is required");
    CHECK(fault_of_tiers(R"([{"upToKwh":1e999999,"pricePerKwh":1e-300}])") ==
          "/tiers/0/upToKwh is too large or has too many places; "
          "/tiers/0/pricePerKwh is too large or has too many places");
    CHECK(fault_of_tiers(R"([{"upToKwh":"9","pricePerKwh":1}])") ==
          "/tiers/0/upToKwh must be a number, not a string");
}

TEST_CASE("modules/driver_plans/driver_plan_codec: what is no JSON is told as such")
{
    const auto read = read_driver_plan("{", "home");
    REQUIRE(read.has_error());
    CHECK(read.error().code() == errc::unreadable);
}

}  // namespace driver_plan_codec_test
