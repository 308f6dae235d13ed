#include "ocpi/json/writer.hpp"

#include "ocpi/json/document.hpp"

#include <doctest/doctest.h>

#include <string>

namespace writer_test {

using namespace ocpi;

TEST_CASE("ocpi/json/writer: what JSON demands is escaped, and nothing else")
{
    CHECK(json::quote("plain /text~") == R"("plain /text~")");
    CHECK(json::quote("a\"b\\c") == R"("a\"b\\c")");
    CHECK(json::quote("\b\f\n\r\t") == R"("\b\f\n\r\t")");
    CHECK(json::quote(std::string_view("\0\x1f", 2)) == R"("\u0000\u001F")");
    CHECK(json::quote("é\U0001F600") == "\"é\U0001F600\"");
    CHECK(json::quote("") == "\"\"");
}

TEST_CASE("ocpi/json/writer: every byte below 0x80 survives being quoted and parsed")
{
    std::string all;
    for (char c = 0; c < 0x7f; ++c) all += c;
    all += '\x7f';
    const auto parsed = json::parse(json::quote(all));
    REQUIRE(parsed.has_value());
    CHECK(parsed->root().string() == all);
}

TEST_CASE("ocpi/json/writer: a text that is not UTF-8 is written in ASCII, so that JSON stays JSON")
{
    for (const char* text : {"\xff", "a\xc3", "\xed\xa0\x80", "\xc0\xaf", "\"\xff\n"}) {
        CAPTURE(text);
        CHECK(json::parse(json::quote(text)).has_value());
    }
    CHECK(json::quote("a\xff\"") == R"("a?\"")");
    CHECK(json::quote("é\xff") == R"("???")");
}

TEST_CASE("ocpi/json/writer: objects and arrays are put together in the order of the calls")
{
    json::array_writer list;
    list.raw("1").raw("\"a\"");
    json::object_writer object;
    object.string("s\"", "x\ny").integer("i", -5).raw("r", list.finish());
    CHECK(object.finish() == R"({"s\"":"x\ny","i":-5,"r":[1,"a"]})");
    CHECK(json::object_writer().finish() == "{}");
    CHECK(json::array_writer().finish() == "[]");
}

}  // namespace writer_test
