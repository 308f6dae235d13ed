#include "tests/support/schema_checker.hpp"

#include <doctest/doctest.h>

#include <stdexcept>
#include <string>

namespace schema_checker_test {

using namespace ocpi;
using ocpi::test::schema_checker;

namespace {

bool fits(const std::string& schema, const std::string& value)
{
    const auto document = json::parse(R"({"it":)" + schema + R"(,"other":{"type":"null"}})");
    REQUIRE(document.has_value());
    schema_checker checker(*document);
    return checker.check(value, "#/it").empty();
}

struct judged {
    const char* schema;
    const char* good;
    const char* bad;
};

}  // namespace

TEST_CASE("support/schema_checker: every rule takes what keeps it and refuses what breaks it")
{
    const judged cases[] = {
        {R"({"type":"null"})", "null", "0"},
        {R"({"type":"boolean"})", "false", "0"},
        {R"({"type":"string"})", R"("")", "0"},
        {R"({"type":"number"})", "1.5", R"("1.5")"},
        {R"({"type":"integer"})", "15", "1.5"},
        {R"({"type":"array"})", "[]", "{}"},
        {R"({"type":"object"})", "{}", "[]"},
        {R"({"type":["string","null"]})", "null", "1"},
        {R"({"enum":["a",1]})", "1.0", R"("b")"},
        {R"({"const":"a"})", R"("a")", R"("A")"},
        {R"({"required":["a"]})", R"({"a":null})", R"({"A":null})"},
        {R"({"properties":{"a":{"type":"null"}}})", R"({"b":1})", R"({"a":1})"},
        {R"({"properties":{"a":{}},"additionalProperties":false})", R"({"a":1})", R"({"b":1})"},
        {R"({"additionalProperties":{"type":"null"}})", R"({"a":null})", R"({"a":1})"},
        {R"({"items":{"type":"null"}})", "[null,null]", "[null,1]"},
        {R"({"minItems":2})", "[1,2]", "[1]"},
        {R"({"maxItems":1})", "[1]", "[1,2]"},
        {R"({"minLength":1})", R"("a")", R"("")"},
        {R"({"minimum":0.5})", "0.50", "0.4999999999999999999999"},
        {R"({"maximum":1e2})", "100", "100.00000000000000000001"},
        {R"({"pattern":"^[a-c]+$"})", R"("abc")", R"("abd")"},
        {R"({"format":"date-time"})", R"("2024-01-01T00:00:00.5+02:00")", R"("2024-01-01")"},
        {R"({"format":"date-time"})", R"("2024-02-29T00:00:00Z")", R"("2023-02-29T00:00:00Z")"},
        {R"({"anyOf":[{"type":"null"},{"type":"string"}]})", R"("a")", "1"},
        {R"({"allOf":[{"minimum":1},{"maximum":2}]})", "1", "3"},
        {R"({"oneOf":[{"minimum":1},{"maximum":0}]})", "1", "0.5"},
        {R"({"oneOf":[{"minimum":1},{"maximum":2}]})", "3", "1"},
        {R"({"$ref":"#/other"})", "null", "1"},
        {R"({"$ref":"#/other","description":"x","const":null})", "null", "1"},
        {"true", "1", "no JSON"},
    };
    for (const auto& each : cases) {
        CAPTURE(each.schema);
        CHECK(fits(each.schema, each.good));
        CHECK_FALSE(fits(each.schema, each.bad));
    }
}

TEST_CASE("support/schema_checker: rules for one kind of value let the others be")
{
    for (const char* schema : {R"({"minimum":1})", R"({"pattern":"x"})", R"({"minItems":1})",
                               R"({"required":["a"]})", R"({"items":false})"}) {
        CHECK(fits(schema, "null"));
    }
}

TEST_CASE("support/schema_checker: a keyword that it does not know is a problem")
{
    CHECK_FALSE(fits(R"({"maxLength":3})", R"("a")"));
    CHECK_FALSE(fits(R"({"format":"uuid"})", R"("a")"));
    CHECK_FALSE(fits(R"({"properties":{"a":{"not":{}}}})", R"({"a":1})"));
    CHECK_THROWS_AS(fits(R"({"$ref":"other.json"})", "1"), std::out_of_range);
    CHECK_THROWS_AS(fits(R"({"$ref":"#/nothing"})", "1"), std::out_of_range);
}

TEST_CASE("support/schema_checker: a discriminator must lead to the branch that fits")
{
    const std::string branches =
        R"({"properties":{"a":{"properties":{"t":{"const":"A"}}},)"
        R"("b":{"properties":{"t":{"const":"B"}}}},)"
        R"("oneOf":[{"$ref":"#/it/properties/a"},{"$ref":"#/it/properties/b"}],)"
        R"("discriminator":{"propertyName":"t","mapping":)";
    const std::string right = R"({"A":"#/it/properties/a","B":"#/it/properties/b"}}})";
    const std::string wrong = R"({"A":"#/it/properties/b","B":"#/it/properties/a"}}})";
    CHECK(fits(branches + right, R"({"t":"A"})"));
    CHECK_FALSE(fits(branches + wrong, R"({"t":"A"})"));
    CHECK_FALSE(fits(branches + R"({}}})", R"({"t":"A"})"));
}

TEST_CASE("support/schema_checker: it remembers which alternatives good values have met")
{
    const auto document =
        json::parse(R"({"s":{"required":["a"],"properties":{"a":{"oneOf":[{"enum":["x","y"]},)"
                    R"({"type":["null","boolean"]}]},"~/":{"items":{"enum":[1]}}}}})");
    REQUIRE(document.has_value());
    schema_checker checker(*document);
    const std::set<std::string> all{
        "#/s/properties/a/oneOf/0",
        "#/s/properties/a/oneOf/0/enum/\"x\"",
        "#/s/properties/a/oneOf/0/enum/\"y\"",
        "#/s/properties/a/oneOf/1",
        "#/s/properties/a/oneOf/1/type/boolean",
        "#/s/properties/a/oneOf/1/type/null",
        "#/s/properties/~0~1/items/enum/1",
    };
    CHECK(checker.alternatives("#/s") == all);
    CHECK(checker.at("#/s/properties/~0~1/items/enum/0").text() == "1");

    CHECK_FALSE(checker.check(R"({"a":"x","~/":[2]})", "#/s").empty());
    CHECK(checker.met().empty());
    CHECK(checker.check(R"({"a":"x"})", "#/s").empty());
    CHECK(checker.met() ==
          std::set<std::string>{"#/s/properties/a/oneOf/0", "#/s/properties/a/oneOf/0/enum/\"x\""});
    CHECK(checker.check(R"({"a":"y","~/":[1]})", "#/s").empty());
    CHECK(checker.check(R"({"a":null})", "#/s").empty());
    CHECK(checker.check(R"({"a":true})", "#/s").empty());
    CHECK(checker.met() == all);
}

}  // namespace schema_checker_test
