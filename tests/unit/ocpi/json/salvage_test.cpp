#include "ocpi/json/salvage.hpp"

#include "ocpi/json/document.hpp"

#include <doctest/doctest.h>

#include <string>

namespace salvage_test {

using namespace ocpi;
using json::null_out_invalid;

TEST_CASE(
    "ocpi/json/salvage: elements that cannot be read become null, the others stay as they are")
{
    const std::string deep = std::string(40, '[') + std::string(40, ']');
    for (const std::string& bad :
         {std::string(R"({"a":1,"a":2})"), deep, std::string(R"("\ud800")"),
          std::string("\"\xff\""), std::string("tru"), std::string("01")}) {
        const auto saved = null_out_invalid(
            R"({"status_code":1000, "data" : [ )" + bad + R"(, {"x":"]},\"[{"} ,1.50]})", "data");
        REQUIRE_MESSAGE(saved, bad);
        CHECK(saved->text == R"({"status_code":1000, "data" : [null,{"x":"]},\"[{"} ,1.50]})");
        CHECK(json::parse(saved->text).has_value());
        REQUIRE(saved->lost.size() == 1);
        CHECK(saved->lost[0].index == 0);
        CHECK(saved->lost[0].reason.starts_with("not acceptable JSON: "));
        CHECK(saved->lost[0].id.empty());
    }
}

TEST_CASE("ocpi/json/salvage: each lost element is told by place, reason and id")
{
    const auto saved = null_out_invalid(
        R"({"data":[1,{"id":"A","kwh":01},{"id":"B"},{"kwh":"}","x":[{}],"id":"C\u0031","id":"D"}]})",
        "data");
    REQUIRE(saved);
    REQUIRE(saved->lost.size() == 2);
    CHECK(saved->lost[0].index == 1);
    CHECK(saved->lost[0].id == "A");
    CHECK(saved->lost[0].reason.find("At byte 17") != std::string::npos);
    CHECK(saved->lost[1].index == 3);
    CHECK(saved->lost[1].id == "C1");
    CHECK(saved->lost[1].reason.find("id") != std::string::npos);
}

TEST_CASE("ocpi/json/salvage: an id that cannot be told is empty")
{
    for (const char* bad :
         {R"({"id":7,"id":8})", R"({"id":"\ud800"})", "{\"id\":\"\xff\"}", R"({id:"A"})",
          R"({"a" "id":"A"})", R"(["id","A",01])", R"({"inner":{"id":"A"},"x":01})"}) {
        CAPTURE(bad);
        const auto saved = null_out_invalid(R"({"data":[)" + std::string(bad) + "]}", "data");
        REQUIRE(saved);
        REQUIRE(saved->lost.size() == 1);
        CHECK(saved->lost[0].id.empty());
    }
}

TEST_CASE("ocpi/json/salvage: what is sound stays, members before and after the list too")
{
    const std::string sound = R"({"a":{"data":[1]},"data":[],"b":"\"data\":["})";
    const auto saved = null_out_invalid(sound, "data");
    REQUIRE(saved);
    CHECK(saved->text == sound);
    CHECK(saved->lost.empty());
}

TEST_CASE("ocpi/json/salvage: where there is no list there is nothing to save")
{
    for (const char* text :
         {"", "[]", "{", R"({"data")", R"({"data":)", R"({"data":[)", R"({"data":["x)",
          R"({"data":[1,2)", R"({"data":[1}2])", R"({"data":{}})", R"({"other":[1]})",
          R"({"data":"[1]"})", "{\"data\":[\"\\", "\x00[["}) {
        CHECK_MESSAGE(!null_out_invalid(text, "data"), text);
    }
    CHECK(!null_out_invalid(std::string(100'000, '['), "data"));
}

}  // namespace salvage_test
