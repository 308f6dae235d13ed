#include "modules/exchange/pushed_text.hpp"

#include <doctest/doctest.h>

namespace pushed_text_test {

using namespace ocpi;
using namespace ocpi::exchange;
using protocol::version;

TEST_CASE("modules/exchange/pushed_text: optional fields of OCPI that are null are left out")
{
    CHECK(without_null_fields(
              R"({"kwh":1.50,"end_date_time":null,"authorization_reference":null,"meter_id":null,)"
              R"("charging_periods":null,"total_cost":null,"status":"ACTIVE"})") ==
          R"({"kwh":1.50,"status":"ACTIVE"})");
    CHECK(without_null_fields(
              R"({"charging_periods":[{"tariff_id":null,"dimensions":[{"volume":1.0}]}],)"
              R"("total_cost":{"before_taxes":1.00,"taxes":[{"name":"VAT","percentage":null,)"
              R"("account_number":null,"amount":0.20}]}})") ==
          R"({"charging_periods":[{"dimensions":[{"volume":1.0}]}],)"
          R"("total_cost":{"before_taxes":1.00,"taxes":[{"name":"VAT","amount":0.20}]}})");
    CHECK(without_null_fields(R"({"total_cost":{"before_taxes":1,"taxes":null}})") ==
          R"({"total_cost":{"before_taxes":1}})");
}

TEST_CASE("modules/exchange/pushed_text: other nulls stay, and a text without any stays as it is")
{
    const std::string unknown =
        R"({"odometer":null,"kwh":null,"x":{"meter_id":null,"end_date_time":null},)"
        R"("charging_periods":[{"x":null},null],"meter_value":[{"tariff_id":null}]})";
    CHECK(without_null_fields(unknown) == unknown);
    const std::string plain = R"({"kwh":41.00,"note":"null"})";
    CHECK(without_null_fields(plain) == plain);
}

TEST_CASE("modules/exchange/pushed_text: in the words of the partner's version")
{
    const std::string stored =
        R"({"meter_id":null,"total_cost":{"before_taxes":2.00,"taxes":null}})";
    CHECK(write_pushed(version::v2_3_0, stored) == R"({"total_cost":{"before_taxes":2.00}})");
    CHECK(write_pushed(version::v2_2_1, stored) == R"({"total_cost":{"excl_vat":2.00}})");
}

}  // namespace pushed_text_test
