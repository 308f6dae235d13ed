#include "ocpi/json/salvage.hpp"

#include "ocpi/json/document.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace ocpi;
using json::salvage_list;

TEST_CASE("json/salvage: elements that cannot be read become null, the others stay as they are")
{
    const std::string deep = std::string(40, '[') + std::string(40, ']');
    for (const std::string& bad :
         {std::string(R"({"a":1,"a":2})"), deep, std::string(R"("\ud800")"),
          std::string("\"\xff\""), std::string("tru"), std::string("01")}) {
        const auto saved = salvage_list(
            R"({"status_code":1000, "data" : [ )" + bad + R"(, {"x":"]},\"[{"} ,1.50]})", "data");
        REQUIRE_MESSAGE(saved, bad);
        CHECK(*saved == R"({"status_code":1000, "data" : [null,{"x":"]},\"[{"} ,1.50]})");
        CHECK(json::parse(*saved).has_value());
    }
}

TEST_CASE("json/salvage: what is sound stays, members before and after the list too")
{
    const std::string sound = R"({"a":{"data":[1]},"data":[],"b":"\"data\":["})";
    CHECK(salvage_list(sound, "data") == sound);
}

TEST_CASE("json/salvage: where there is no list there is nothing to save")
{
    for (const char* text :
         {"", "[]", "{", R"({"data")", R"({"data":)", R"({"data":[)", R"({"data":["x)",
          R"({"data":[1,2)", R"({"data":[1}2])", R"({"data":{}})", R"({"other":[1]})",
          R"({"data":"[1]"})", "{\"data\":[\"\\", "\x00[["}) {
        CHECK_MESSAGE(!salvage_list(text, "data"), text);
    }
    CHECK(!salvage_list(std::string(100'000, '['), "data"));
}
