#include "modules/sessions/session_2_2_1.hpp"

#include "modules/sessions/codec.hpp"
#include "tests/support/session_text.hpp"

#include <doctest/doctest.h>

#include <random>
#include <string>

namespace session_2_2_1_test {

using namespace ocpi;
using namespace ocpi::sessions;
using protocol::version;
using test::session_text;

namespace {

result<parsed_session> read(const std::string& total_cost, body_kind kind = body_kind::whole,
                            version spoken = version::v2_2_1)
{
    const auto body =
        kind == body_kind::whole
            ? session_text({{"total_cost", total_cost}})
            : R"({"last_updated":"2024-01-01T10:30:00Z","total_cost":)" + total_cost + '}';
    return read_session(body, kind, strictness::strict, crud::object_key("ES", "ABC", "S1"),
                        spoken);
}

/// The total_cost of 2.3.0 that is stored for one of 2.2.1.
std::string stored(const std::string& total_cost)
{
    const auto outcome = read(total_cost);
    REQUIRE_MESSAGE(outcome.has_value(), outcome.error().text());
    return std::string(outcome->document.root().find("total_cost")->text());
}

std::string refusal(const std::string& total_cost)
{
    const auto outcome = read(total_cost);
    REQUIRE(outcome.has_error());
    CHECK(outcome.error().code() == errc::invalid);
    return outcome.error().text();
}

/// The total_cost of 2.2.1 that is told for a stored one of 2.3.0.
std::string told(const std::string& total_cost)
{
    const auto session = convert_to(version::v2_2_1, session_text({{"total_cost", total_cost}}));
    const auto parsed = json::parse(session);
    REQUIRE(parsed.has_value());
    return std::string(parsed->root().find("total_cost")->text());
}

}  // namespace

TEST_CASE(
    "modules/sessions/session_2_2_1: excl_vat becomes before_taxes, the rest of incl_vat a tax")
{
    CHECK(stored(R"({"excl_vat":2.00,"incl_vat":2.50})") ==
          R"({"before_taxes":2.00,"taxes":[{"name":"VAT","amount":0.50}]})");
    CHECK(stored(R"({"excl_vat":2,"incl_vat":2.125})") ==
          R"({"before_taxes":2,"taxes":[{"name":"VAT","amount":0.125}]})");
    CHECK(stored(R"({"incl_vat":2.0,"excl_vat":2.00})") ==
          R"({"before_taxes":2.00,"taxes":[{"name":"VAT","amount":0.00}]})");
    CHECK(stored(R"({"excl_vat":2.5,"incl_vat":-1})") ==
          R"({"before_taxes":2.5,"taxes":[{"name":"VAT","amount":-3.5}]})");
    CHECK(stored(R"({"excl_vat":2.5e1,"incl_vat":3e1})") ==
          R"({"before_taxes":2.5e1,"taxes":[{"name":"VAT","amount":5}]})");
}

TEST_CASE("modules/sessions/session_2_2_1: an unknown incl_vat is no taxes")
{
    CHECK(stored(R"({"excl_vat":2.00})") == R"({"before_taxes":2.00})");
    CHECK(stored(R"({"excl_vat":2.00,"incl_vat":null})") == R"({"before_taxes":2.00})");
}

TEST_CASE("modules/sessions/session_2_2_1: other members are kept, those of the other form are not")
{
    CHECK(stored(R"({"x":[1.0],"excl_vat":1,"y":{"taxes":null}})") ==
          R"({"before_taxes":1,"x":[1.0],"y":{"taxes":null}})");
    CHECK(stored(R"({"excl_vat":1,"before_taxes":9,"taxes":"none"})") == R"({"before_taxes":1})");
    CHECK(told(R"({"x":null,"before_taxes":1.0,"excl_vat":9,"incl_vat":9})") ==
          R"({"excl_vat":1.0,"x":null})");
}

TEST_CASE("modules/sessions/session_2_2_1: what is wrong is named as it was sent")
{
    CHECK(refusal("{}").find("/total_cost/excl_vat is missing") != std::string::npos);
    CHECK(refusal(R"({"before_taxes":2})").find("/total_cost/excl_vat") != std::string::npos);
    const auto both = refusal(R"({"excl_vat":"2","incl_vat":[]})");
    CHECK(both.find("/total_cost/excl_vat must be a number") != std::string::npos);
    CHECK(both.find("/total_cost/incl_vat must be a number") != std::string::npos);
    CHECK(refusal("2.00").find("/total_cost must be an object") != std::string::npos);
}

TEST_CASE(
    "modules/sessions/session_2_2_1: a tax that cannot be reckoned in a sensible number is refused")
{
    CHECK(refusal(R"({"excl_vat":1e999999999,"incl_vat":1})") ==
          "/total_cost/incl_vat is out of range: the tax cannot be reckoned exactly");
    CHECK(refusal(R"({"excl_vat":1,"incl_vat":1e-101})").find("out of range") != std::string::npos);
    CHECK(refusal(R"({"excl_vat":1e99,"incl_vat":1e-99})").find("out of range") !=
          std::string::npos);
    CHECK(stored(R"({"excl_vat":1e999999999})") == R"({"before_taxes":1e999999999})");
}

TEST_CASE("modules/sessions/session_2_2_1: in a PATCH the cost may be set and cleared")
{
    const auto set = read(R"({"excl_vat":1.0})", body_kind::fragment);
    REQUIRE(set.has_value());
    CHECK(set->document.root().find("total_cost")->text() == R"({"before_taxes":1.0})");
    const auto cleared = read("null", body_kind::fragment);
    REQUIRE(cleared.has_value());
    CHECK(cleared->document.root().find("total_cost")->text() == "null");
}

TEST_CASE("modules/sessions/session_2_2_1: 2.3.0 does not know the members of 2.2.1")
{
    const auto outcome = read(R"({"excl_vat":2.00})", body_kind::whole, protocol::version::v2_3_0);
    REQUIRE(outcome.has_error());
    CHECK(outcome.error().pointer() == "/total_cost/before_taxes");
}

TEST_CASE(
    "modules/sessions/session_2_2_1: before_taxes is told as excl_vat, with all taxes as incl_vat")
{
    CHECK(told(R"({"before_taxes":2.00,"taxes":[{"name":"VAT","amount":0.5}]})") ==
          R"({"excl_vat":2.00,"incl_vat":2.50})");
    CHECK(
        told(
            R"({"before_taxes":2,"taxes":[{"name":"a","amount":0.5},{"name":"b","amount":0.25}]})") ==
        R"({"excl_vat":2,"incl_vat":2.75})");
    CHECK(told(R"({"before_taxes":2.00,"taxes":[]})") == R"({"excl_vat":2.00})");
    CHECK(told(R"({"before_taxes":2.00,"taxes":null})") == R"({"excl_vat":2.00})");
    CHECK(told(R"({"before_taxes":2.00})") == R"({"excl_vat":2.00})");
    CHECK(told(R"({"before_taxes":1e999999999,"taxes":[{"name":"VAT","amount":1}]})") ==
          R"({"excl_vat":1e999999999})");
}

TEST_CASE(
    "modules/sessions/session_2_2_1: whatever else a session or a PATCH of one holds stays as it "
    "is")
{
    const auto text = session_text({{"x", R"("total_cost")"}});
    CHECK(convert_to(version::v2_2_1, text) == text);
    CHECK(convert_to(version::v2_2_1, session_text()) == session_text());
    CHECK(convert_to(version::v2_2_1, R"({"total_cost":null})") == R"({"total_cost":null})");
    CHECK(convert_to(version::v2_2_1, R"({"total\u005fcost":{"before_taxes":1}})") ==
          R"({"total\u005fcost":{"excl_vat":1}})");
    const std::string newer = R"({"total_cost":{"before_taxes":1}})";
    CHECK(convert_to(version::v2_3_0, newer) == newer);
    CHECK(convert_to(version::v2_2_1, R"({"total_cost":)") == R"({"total_cost":)");
}

TEST_CASE("modules/sessions/session_2_2_1: a token type that 2.2.1 does not have is told as OTHER")
{
    const auto token = [](const std::string& type) {
        return R"({"country_code":"DE","party_id":"EMP","uid":"U1","type":")" + type +
               R"(","contract_id":"C1","x":{"type":"EMAID"}})";
    };
    const auto told_type = [&](const std::string& type, version spoken = version::v2_2_1) {
        const auto patch = R"({"kwh":1.0,"cdr_token":)" + token(type) + '}';
        return convert_to(spoken, patch);
    };
    for (const char* type : {"EMAID", "PLUG_AND_CHARGE", "rfid", "EM\\u0041ID"}) {
        CAPTURE(type);
        CHECK(told_type(type) == R"({"kwh":1.0,"cdr_token":)" + token("OTHER") + '}');
        CHECK(told_type(type, version::v2_3_0) == R"({"kwh":1.0,"cdr_token":)" + token(type) + '}');
    }
    for (const char* type : {"AD_HOC_USER", "APP_USER", "OTHER", "RFID"})
        CHECK(told_type(type) == R"({"kwh":1.0,"cdr_token":)" + token(type) + '}');
    CHECK(convert_to(version::v2_2_1, R"({"cdr_token":null})") == R"({"cdr_token":null})");
    const auto both =
        session_text({{"cdr_token", token("EMAID")}, {"total_cost", R"({"before_taxes":1})"}});
    CHECK(convert_to(version::v2_2_1, both) ==
          session_text({{"cdr_token", token("OTHER")}, {"total_cost", R"({"excl_vat":1})"}}));
}

TEST_CASE("modules/sessions/session_2_2_1: from 2.2.1 every token type is taken as it is sent")
{
    const auto body = session_text(
        {{"cdr_token", R"({"country_code":"DE","party_id":"EMP","uid":"U1","type":"EMAID",)"
                       R"("contract_id":"C1"})"}});
    const auto taken = read_session(body, body_kind::whole, strictness::strict,
                                    crud::object_key("ES", "ABC", "S1"), version::v2_2_1);
    REQUIRE(taken.has_value());
    CHECK(taken->document.text() == body);
    CHECK(taken->fields.cdr_token->type == "EMAID");
}

TEST_CASE("modules/sessions/session_2_2_1: amounts survive the way there and back")
{
    const auto seed = std::random_device()();
    INFO("seed ", seed);
    std::mt19937 random(seed);
    const auto amount = [&random] {
        auto text = std::to_string(random() % 100'000);
        if (const auto digits = random() % 5; digits > 0) {
            text += '.';
            for (std::size_t i = 0; i < digits; ++i) text += std::to_string(random() % 10);
        }
        return text;
    };
    for (int round = 0; round < 500; ++round) {
        const auto excl_vat = amount();
        const auto incl_vat = amount();
        INFO(excl_vat, " and ", incl_vat);
        const auto back =
            told(stored(R"({"excl_vat":)" + excl_vat + R"(,"incl_vat":)" + incl_vat + '}'));
        const auto price = json::parse(back);
        REQUIRE(price.has_value());
        CHECK(price->root().find("excl_vat")->text() == excl_vat);
        CHECK(decimal::parse(price->root().find("incl_vat")->text()) == decimal::parse(incl_vat));
    }
}

}  // namespace session_2_2_1_test
