#include "modules/sessions/documented_fields.hpp"

#include <doctest/doctest.h>

#include <string>

namespace documented_fields_test {

using namespace ocpi;
using namespace ocpi::sessions;

namespace {

/// Compares two values of the member of that name.
bool same(const std::string& name, const std::string& a, const std::string& b,
          compared_members compared = compared_members::documented)
{
    const auto first = *json::parse("{\"" + name + "\":" + a + '}');
    const auto second = *json::parse("{\"" + name + "\":" + b + '}');
    return means_the_same(name, *first.root().begin(), *second.root().begin(), compared);
}

std::string token(const std::string& more, const std::string& type = "RFID")
{
    return R"({"country_code":"DE","party_id":"EMP","uid":"u1","contract_id":"C1","type":")" +
           type + '"' + more + '}';
}

}  // namespace

TEST_CASE("modules/sessions/documented_fields: OCPI documents eighteen fields of a Session")
{
    for (const char* name : {"country_code", "kwh", "meter_id", "charging_periods", "last_updated"})
        CHECK(is_session_field(name));
    for (const char* name : {"meter_value", "soc_end", "whitelist", "Kwh", ""})
        CHECK_FALSE(is_session_field(name));
}

TEST_CASE("modules/sessions/documented_fields: null and OCPI's empty lists are unset")
{
    const auto document =
        *json::parse(R"({"x":null,"charging_periods":[],"meter_value":[],"taxes":[]})");
    for (const auto member : document.root()) CHECK(is_unset(member));
    const auto set = *json::parse(R"({"x":[],"y":{},"kwh":0,"charging_periods":{},"taxes":[1]})");
    for (const auto member : set.root()) CHECK_FALSE(is_unset(member));
}

TEST_CASE("modules/sessions/documented_fields: another spelling says the same")
{
    CHECK(same("kwh", "1.50", "15e-1"));
    CHECK(same("start_date_time", R"("2024-01-01T10:00:00")", R"("2024-01-01T10:00:00.000Z")"));
    CHECK(same("location_id", R"("loc")", R"("LOC")"));
    CHECK_FALSE(same("currency", R"("eur")", R"("EUR")"));
    CHECK_FALSE(same("kwh", "1", R"("1")"));
    CHECK_FALSE(same("end_date_time", R"("x")", R"("y")"));
    CHECK(same("charging_periods",
               R"([{"start_date_time":"2024-01-01T10:00:00Z","tariff_id":"t"}])",
               R"([{"start_date_time":"2024-01-01T10:00:00","tariff_id":"T"}])"));
}

TEST_CASE("modules/sessions/documented_fields: null is as good as absent, however deep")
{
    CHECK(same("cdr_token", token(R"(,"whitelist":null)"), token("")));
    CHECK(same("cdr_token", token(""), token(R"(,"whitelist":null)"), compared_members::all));
    CHECK(same("total_cost", R"({"before_taxes":1,"taxes":null})", R"({"before_taxes":1.0})"));
    CHECK(same("total_cost", R"({"before_taxes":1,"taxes":[{"name":"V","amount":1}]})",
               R"({"before_taxes":1,"taxes":[{"name":"V","amount":1,"account_number":null}]})"));
    CHECK(same("charging_periods", R"([{"dimensions":[{"type":"TIME","volume":1}]}])",
               R"([{"dimensions":[{"type":"TIME","volume":1.0,"x":null}],"tariff_id":null}])"));
    CHECK(same("x", R"({"a":{"b":[{"c":null}]}})", R"({"a":{"b":[{}]}})", compared_members::all));
}

TEST_CASE(
    "modules/sessions/documented_fields: members that OCPI does not document count on demand only")
{
    const auto more = token(R"(,"whitelist":"NEVER")");
    CHECK(same("cdr_token", more, token("")));
    CHECK(same("cdr_token", token(""), more));
    CHECK_FALSE(same("cdr_token", more, token(""), compared_members::all));
    CHECK_FALSE(same("cdr_token", token(""), more, compared_members::all));
    CHECK_FALSE(same("x", R"({"a":1})", R"({"a":2})", compared_members::all));
    // What looks like a field of OCPI is none within a member that OCPI does not document.
    CHECK_FALSE(same("x", R"({"uid":"a"})", R"({"uid":"A"})", compared_members::all));
}

TEST_CASE("modules/sessions/documented_fields: what differs in a documented member differs")
{
    CHECK_FALSE(same("cdr_token", token(""), R"({"country_code":"DE"})"));
    CHECK_FALSE(same("cdr_token", token(""), token("", "APP_USER")));
    CHECK_FALSE(same("cdr_token", token(""), R"("x")"));
    CHECK_FALSE(same("total_cost", R"({"before_taxes":1})",
                     R"({"before_taxes":1,"taxes":[{"name":"V","amount":1}]})"));
}

TEST_CASE(
    "modules/sessions/documented_fields: OTHER stands for the token types that 2.2.1 does not have")
{
    CHECK(same("cdr_token", token("", "EMAID"), token("", "OTHER")));
    CHECK(same("cdr_token", token("", "OTHER"), token("", "NEW")));
    CHECK_FALSE(same("cdr_token", token("", "EMAID"), token("", "NEW")));
    CHECK_FALSE(same("cdr_token", token("", "OTHER"), token("", "RFID")));
    CHECK_FALSE(same("cdr_token", token("", "rfid"), token("", "RFID")));
}

}  // namespace documented_fields_test
