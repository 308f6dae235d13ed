#include "modules/tariffs/tariff_codec.hpp"

#include "tests/support/tariff_text.hpp"

#include <doctest/doctest.h>

#include <string>

namespace tariff_codec_test {

using namespace ocpi;
using namespace ocpi::tariffs;
using namespace std::chrono_literals;
using test::tariff_text;

namespace {

const crud::object_key& address()
{
    static const crud::object_key key("es", "abc", "t1");
    return key;
}

result<parsed_tariff> read_outcome(const std::string& body, strictness strict)
{
    return read_sent_tariff(body, strict, address());
}

parsed_tariff read(const std::string& body, strictness strict = strictness::strict)
{
    auto outcome = read_outcome(body, strict);
    if (outcome.has_error()) FAIL(body << " was refused: " << outcome.error().text());
    return std::move(*outcome);
}

std::string problem(const std::string& body, strictness strict = strictness::strict)
{
    const auto outcome = read_outcome(body, strict);
    if (outcome.has_value()) return {};
    CHECK(outcome.error().code() == errc::invalid);
    return outcome.error().text();
}

/// A tariff with one element, that has these restrictions.
std::string restricted(const std::string& restrictions)
{
    return tariff_text(
        {{"elements", R"([{"price_components":[{"type":"FLAT","price":1,"step_size":0}],)"
                      R"("restrictions":)" +
                          restrictions + "}]"}});
}

/// A tariff with one element, that has these price components.
std::string with_components(const std::string& components)
{
    return tariff_text({{"elements", R"([{"price_components":)" + components + "}]"}});
}

decimal number(std::string_view text)
{
    return *decimal::parse(text);
}

}  // namespace

TEST_CASE("modules/tariffs/tariff_codec: every field that a price depends on is read")
{
    const auto parsed = read(tariff_text({
        {"type", R"("PROFILE_GREEN")"},
        {"tax_included", R"("N/A")"},
        {"min_price", R"({"before_taxes":0.50,"after_taxes":0.55})"},
        {"max_price", R"({"before_taxes":10})"},
        {"start_date_time", R"("2024-01-01T00:00:00Z")"},
        {"end_date_time", R"("2025-01-01T00:00:00Z")"},
        {"elements",
         R"([{"price_components":[{"type":"ENERGY","price":0.25,"vat":10.0,"step_size":100},)"
         R"({"type":"PARKING_TIME","price":2,"step_size":900}],)"
         R"("restrictions":{"start_time":"07:30","end_time":"00:00",)"
         R"("start_date":"2024-02-29","end_date":"2024-12-31","min_kwh":1,"max_kwh":2.5,)"
         R"("min_current":-6,"max_current":32,"min_power":3.7,"max_power":22,)"
         R"("min_duration":600,"max_duration":1200,"day_of_week":["SUNDAY","TUESDAY"],)"
         R"("reservation":"RESERVATION_EXPIRES"}},)"
         R"({"price_components":[{"type":"TIME","price":1.00,"vat":null,"step_size":60}]}])"},
    }));
    const auto& fields = parsed.fields;
    CHECK(fields.id.str() == "T1");
    CHECK(fields.owner() == party("ES", "ABC"));
    CHECK(fields.currency == "EUR");
    CHECK(fields.type == tariff_type::profile_green);
    CHECK(fields.tax_included == tax_included::not_applicable);
    CHECK(fields.min_price->before_taxes == number("0.5"));
    CHECK(fields.min_price->after_taxes == number("0.55"));
    CHECK(fields.max_price->before_taxes == number("10"));
    CHECK_FALSE(fields.max_price->after_taxes.has_value());
    CHECK(to_string(*fields.start_date_time) == "2024-01-01T00:00:00Z");
    CHECK(to_string(*fields.end_date_time) == "2025-01-01T00:00:00Z");
    CHECK(to_string(fields.last_updated) == "2024-01-01T10:00:00Z");

    REQUIRE(fields.elements.size() == 2);
    const auto& components = fields.elements[0].price_components;
    REQUIRE(components.size() == 2);
    CHECK(components[0].type == tariff_dimension::energy);
    CHECK(components[0].price == number("0.25"));
    CHECK(components[0].vat == number("10"));
    CHECK(components[0].step_size == 100);
    CHECK(components[1].type == tariff_dimension::parking_time);
    CHECK_FALSE(components[1].vat.has_value());
    CHECK(fields.elements[1].price_components[0].type == tariff_dimension::time);
    CHECK_FALSE(fields.elements[1].price_components[0].vat.has_value());
    CHECK_FALSE(fields.elements[1].restrictions.has_value());

    const auto& limits = *fields.elements[0].restrictions;
    CHECK(limits.start_time == 450min);
    CHECK(limits.end_time == 0min);
    CHECK(limits.start_date == std::chrono::year(2024) / 2 / 29);
    CHECK(limits.end_date == std::chrono::year(2024) / 12 / 31);
    CHECK(limits.min_kwh == number("1"));
    CHECK(limits.max_kwh == number("2.5"));
    CHECK(limits.min_current == number("-6"));
    CHECK(limits.max_current == number("32"));
    CHECK(limits.min_power == number("3.7"));
    CHECK(limits.max_power == number("22"));
    CHECK(limits.min_duration == 600s);
    CHECK(limits.max_duration == 1200s);
    CHECK(limits.day_of_week == std::array{true, false, true, false, false, false, false});
    CHECK(limits.reservation == reservation_restriction::reservation_expires);
}

TEST_CASE("modules/tariffs/tariff_codec: what is missing or null is named")
{
    for (const std::string name : {"country_code", "party_id", "id", "currency", "elements",
                                   "tax_included", "last_updated"}) {
        CAPTURE(name);
        CHECK(problem(tariff_text({{name, ""}})).starts_with('/' + name + " is missing"));
        CHECK(problem(tariff_text({{name, "null"}})).starts_with('/' + name + " is null"));
    }
}

TEST_CASE("modules/tariffs/tariff_codec: optional fields may be null")
{
    for (const std::string name : {"type", "tariff_alt_text", "tariff_alt_url", "min_price",
                                   "max_price", "start_date_time", "end_date_time", "energy_mix"}) {
        CAPTURE(name);
        CHECK(problem(tariff_text({{name, "null"}})) == "");
    }
    CHECK(problem(restricted("null")) == "");
    CHECK(problem(restricted(R"({"start_time":null,"day_of_week":null,"min_kwh":null})")) == "");
    CHECK(problem(restricted(R"({"day_of_week":[]})")) == "");
}

TEST_CASE("modules/tariffs/tariff_codec: a tariff has an element and an element a price component")
{
    CHECK(problem(tariff_text({{"elements", "[]"}})).starts_with("/elements is empty"));
    CHECK(problem(tariff_text({{"elements", "[1]"}})) ==
          "/elements/0 must be an object, not a number");
    CHECK(problem(tariff_text({{"elements", "[{}]"}}))
              .starts_with("/elements/0/price_components is missing"));
    CHECK(problem(with_components("[]")).starts_with("/elements/0/price_components is empty"));
    CHECK(problem(with_components("null")).starts_with("/elements/0/price_components is null"));
}

TEST_CASE("modules/tariffs/tariff_codec: a bad price component is named by what is wrong with it")
{
    const auto outcome = read_outcome(
        with_components(R"([{"type":"ENERGY_EXPORT","price":"1","vat":true,"step_size":1.5},{}])"),
        strictness::strict);
    REQUIRE(outcome.has_error());
    const std::string text = outcome.error().text();
    for (const std::string expected :
         {"/elements/0/price_components/0/type must be one of", "0/price must be a number",
          "0/vat must be a number", "0/step_size must be an integer", "1/type is missing",
          "1/price is missing", "1/step_size is missing"}) {
        CAPTURE(expected);
        CHECK_MESSAGE(text.find(expected) != std::string::npos, text);
    }
}

TEST_CASE("modules/tariffs/tariff_codec: step_size is any integer, however it is spelt")
{
    const auto step = [](const std::string& spelt) {
        return read(with_components(R"([{"type":"TIME","price":1,"step_size":)" + spelt + "}]"))
            .fields.elements[0]
            .price_components[0]
            .step_size;
    };
    CHECK(step("0") == 0);
    CHECK(step("-5") == -5);
    CHECK(step("60.0") == 60);
    CHECK(step("3e2") == 300);
    CHECK(step("999999999999999999") == 999'999'999'999'999'999);
    for (const std::string bad : {"0.5", "1e-30", "1e19", "1e999999", "1000000000000000000000"}) {
        CAPTURE(bad);
        CHECK(problem(with_components(R"([{"type":"TIME","price":1,"step_size":)" + bad + "}]")) ==
              "/elements/0/price_components/0/step_size must be an integer of at most 18 digits");
    }
}

TEST_CASE("modules/tariffs/tariff_codec: bad restrictions are named")
{
    for (const std::string bad : {R"({"start_time":"24:00"})", R"({"start_time":"7:30"})",
                                  R"({"start_time":"07:60"})", R"({"start_time":"07:30:00"})"}) {
        CHECK(problem(restricted(bad)) ==
              "/elements/0/restrictions/start_time is not a time of day such as 07:30");
    }
    for (const std::string bad : {R"({"end_date":"2024-02-30"})", R"({"end_date":"2024-2-03"})",
                                  R"({"end_date":"2024-02-03T00:00:00Z"})"}) {
        CHECK(problem(restricted(bad)) ==
              "/elements/0/restrictions/end_date is not a date such as 2024-12-24");
    }
    CHECK(problem(restricted(R"({"day_of_week":["MONDAY","monday"]})")) ==
          "/elements/0/restrictions/day_of_week/1 must be a day such as MONDAY");
    CHECK(problem(restricted(R"({"day_of_week":[1]})")) ==
          "/elements/0/restrictions/day_of_week/0 must be a day such as MONDAY");
    CHECK(problem(restricted(R"({"reservation":"BOOKING"})"))
              .starts_with("/elements/0/restrictions/reservation must be one of"));
    CHECK(problem(restricted(R"({"min_duration":1.5})"))
              .starts_with("/elements/0/restrictions/min_duration must be an integer"));
    CHECK(problem(restricted(R"({"max_power":"11"})"))
              .starts_with("/elements/0/restrictions/max_power must be a number"));
    CHECK(problem(restricted("[]")).starts_with("/elements/0/restrictions must be an object"));
}

TEST_CASE("modules/tariffs/tariff_codec: a duration can always be reckoned with in milliseconds")
{
    const auto parsed = read(restricted(R"({"max_duration":999999999999999999})"));
    const auto longest = *parsed.fields.elements[0].restrictions->max_duration;
    CHECK(longest == 1'000'000'000'000s);
    CHECK(std::chrono::milliseconds(longest).count() == 1'000'000'000'000'000);
}

TEST_CASE("modules/tariffs/tariff_codec: what no price depends on is checked too")
{
    CHECK(problem(tariff_text({{"tariff_alt_text", R"([{"language":"eng","text":"x"},{}])"}})) ==
          "/tariff_alt_text/0/language is longer than 2 characters; "
          "/tariff_alt_text/1/language is missing: a string is required; "
          "/tariff_alt_text/1/text is missing: a string is required");
    for (const std::string bad :
         {"", "tariffs/12", "//example.com", ":x", "1a:x", "http:", "https://example.com/a b"}) {
        CAPTURE(bad);
        CHECK(problem(tariff_text({{"tariff_alt_url", '"' + bad + '"'}})) ==
              "/tariff_alt_url must be an absolute URL");
    }
    CHECK(problem(tariff_text({{"tariff_alt_url", R"("https://example.com/12?a=%20")"}})) == "");
    CHECK(problem(tariff_text({{"tariff_alt_url", '"' + std::string(256, 'a') + '"'}})) ==
          "/tariff_alt_url is longer than 255 characters");
    CHECK(problem(tariff_text({{"energy_mix", R"({"energy_sources":[{"source":"FIRE"}],)"
                                              R"("environ_impact":[{"amount":"1"}],)"
                                              R"("supplier_name":1})"}})) ==
          "/energy_mix/is_green_energy is missing: a boolean is required; "
          "/energy_mix/energy_sources/0/source must be one of NUCLEAR, GENERAL_FOSSIL, COAL, GAS, "
          "GENERAL_GREEN, SOLAR, WIND, WATER, not \"FIRE\"; "
          "/energy_mix/energy_sources/0/percentage is missing: a number is required; "
          "/energy_mix/environ_impact/0/category is missing: a string is required; "
          "/energy_mix/environ_impact/0/amount must be a number, not a string; "
          "/energy_mix/supplier_name must be a string, not a number");
    CHECK(problem(tariff_text(
              {{"energy_mix", R"({"is_green_energy":true,)"
                              R"("energy_sources":[{"source":"SOLAR","percentage":100}],)"
                              R"("environ_impact":[{"category":"NOISE","amount":0.5}]})"}})) == "");
    CHECK(problem(tariff_text({{"min_price", R"({"excl_vat":1})"}})) ==
          "/min_price/before_taxes is missing: a number is required");
}

TEST_CASE("modules/tariffs/tariff_codec: closed enumerations are closed, lengths are kept")
{
    CHECK(problem(tariff_text({{"type", R"("regular")"}})).starts_with("/type must be one of"));
    CHECK(problem(tariff_text({{"tax_included", "true"}}))
              .starts_with("/tax_included must be a string"));
    CHECK(problem(tariff_text({{"tax_included", R"("NA")"}}))
              .starts_with("/tax_included must be one of YES, NO, N/A"));
    CHECK(problem(tariff_text({{"currency", R"("EURO")"}})) ==
          "/currency is longer than 3 characters");
    CHECK(problem(tariff_text({{"preauthorize_amount", std::string(101, '1')}})) ==
          "/preauthorize_amount is a number of more than 100 characters");
    CHECK(problem("[]") == "the body must be an object, not an array");
    CHECK(read_outcome("{", strictness::strict).error().code() == errc::unreadable);
}

TEST_CASE(
    "modules/tariffs/tariff_codec: owner and id in the body are those of the URL, in any case")
{
    CHECK(problem(tariff_text({{"id", R"("T2")"}})) == "/id must be the id of the URL");
    CHECK(problem(tariff_text({{"country_code", R"("BE")"}, {"party_id", R"("BEC")"}})) ==
          "/country_code must be the country_code of the URL; "
          "/party_id must be the party_id of the URL");
}

TEST_CASE(
    "modules/tariffs/tariff_codec: the text is kept as sent, but for DateTimes and white space")
{
    const auto parsed = read(tariff_text(
        {{"last_updated", R"("2024-01-01T10:00:00.5")"}, {"x_note", R"({"a":[1.00,"\u00e9"]})"}}));
    CHECK(parsed.document.text() == tariff_text({{"last_updated", R"("2024-01-01T10:00:00.500Z")"},
                                                 {"x_note", R"({"a":[1.00,"\u00e9"]})"}}));
    CHECK(parsed.tolerated.empty());
}

TEST_CASE("modules/tariffs/tariff_codec: an offset is converted for a tolerant caller alone")
{
    const auto body = tariff_text({{"last_updated", R"("2024-01-01T12:00:00+02:00")"}});
    CHECK(problem(body).starts_with("/last_updated must be in UTC"));
    const auto parsed = read(body, strictness::tolerant);
    CHECK(to_string(parsed.fields.last_updated) == "2024-01-01T10:00:00Z");
    CHECK(parsed.document.text() == tariff_text());
    CHECK(parsed.tolerated == std::vector<std::string>{"/last_updated converted to UTC"});
}

TEST_CASE("modules/tariffs/tariff_codec: a tariff from anywhere is read by the same rules")
{
    const auto sound = read_tariff(*json::parse(tariff_text({{"id", R"("ANY")"}})));
    REQUIRE(sound.has_value());
    CHECK(sound->id.str() == "ANY");
    const auto bare =
        read_tariff(*json::parse(tariff_text({{"last_updated", ""}, {"tax_included", ""}})));
    REQUIRE(bare.has_error());
    CHECK(bare.error().code() == errc::invalid);
    CHECK(bare.error().text() ==
          "/tax_included is missing: a string is required; "
          "/last_updated is missing: a string is required");
}

}  // namespace tariff_codec_test
