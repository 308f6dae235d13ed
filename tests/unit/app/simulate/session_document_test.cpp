#include "app/simulate/session_document.hpp"

#include <doctest/doctest.h>

namespace session_document_test {

using namespace ocpi::app::simulate;

TEST_CASE("app/simulate/session_document: a PATCH has what has changed since the last write")
{
    session_document document;
    document.set_string("id", "S1");
    document.set("kwh", "0");
    document.add_meter_value("1");
    CHECK(document.take_whole() == R"({"id":"S1","kwh":0,"meter_value":[1]})");
    document.set("kwh", "2.5");
    document.add_charging_period("3");
    document.add_meter_value("4");
    CHECK(document.take_patch() == R"({"kwh":2.5,"charging_periods":[3],"meter_value":[4]})");
    CHECK(document.take_patch() == "{}");
    CHECK(document.text() == R"({"id":"S1","kwh":2.5,"charging_periods":[3],"meter_value":[1,4]})");
}

}  // namespace session_document_test
