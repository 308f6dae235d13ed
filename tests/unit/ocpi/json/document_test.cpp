#include "ocpi/json/document.hpp"

#include <doctest/doctest.h>

#include <string>

namespace document_test {

using namespace ocpi;

namespace {

json::document read(std::string_view text)
{
    auto parsed = json::parse(text);
    REQUIRE_MESSAGE(parsed.has_value(), "refused: ", std::string(text));
    return std::move(*parsed);
}

void check_refused(std::string_view text)
{
    CAPTURE(std::string(text));
    const auto parsed = json::parse(text);
    REQUIRE(parsed.has_error());
    CHECK(parsed.error().code() == errc::unreadable);
}

}  // namespace

TEST_CASE("ocpi/json/document: white space goes, everything else stays as it was sent")
{
    const auto parsed = read(
        " { \"a\" : [ 1 , 41.00 , -0.10e+2 ] ,\n\t\"b\\u0041\" : \"x\\/y\" , "
        "\"c\" : { } , \"d\" : [ ] , \"e\" : null , \"f\" : true } ");
    CHECK(parsed.text() ==
          R"({"a":[1,41.00,-0.10e+2],"b\u0041":"x\/y","c":{},"d":[],"e":null,"f":true})");
}

TEST_CASE("ocpi/json/document: a byte order mark is refused by its name")
{
    const auto parsed = json::parse("\xEF\xBB\xBF{}");
    REQUIRE(parsed.has_error());
    CHECK(parsed.error().code() == errc::unreadable);
    CHECK(parsed.error().text().find("byte order mark") != std::string::npos);
    check_refused("{}\xEF\xBB\xBF");
}

TEST_CASE("ocpi/json/document: members are found by their unescaped name")
{
    const auto parsed = read(R"({"\u0069d":"A\u00e9\ud83d\ude00\n","q\"\\":1,"last":2})");
    const auto identifier = parsed.root().find("id");
    REQUIRE(identifier);
    CHECK(identifier->string() == "A\u00e9\U0001F600\n");
    CHECK(identifier->text() == R"("A\u00e9\ud83d\ude00\n")");
    CHECK(identifier->name_text() == R"("\u0069d")");
    CHECK(parsed.root().find("q\"\\")->name_text() == R"("q\"\\")");
    CHECK(parsed.root().find("last")->name_text() == R"("last")");
    CHECK_FALSE(parsed.root().find("absent"));
}

TEST_CASE("ocpi/json/document: an escape is resolved wherever it stands in a string")
{
    for (std::size_t before = 0; before <= 40; ++before) {
        for (std::size_t after = 0; after <= 40; ++after) {
            const std::string head(before, 'x'), tail(after, 'y');
            const auto parsed = read("{\"" + head + "\\\"" + tail + "\":\"" + head + "\\\\" + tail +
                                     "\",\"" + tail + "\":\"" + head + "\"}");
            const auto member = parsed.root().find(head + '"' + tail);
            REQUIRE(member);
            REQUIRE(member->string() == head + '\\' + tail);
            REQUIRE(parsed.root().find(tail)->string() == head);
        }
    }
}

TEST_CASE("ocpi/json/document: a control character is refused wherever it stands in a string")
{
    for (std::size_t before = 0; before <= 40; ++before) {
        for (char control = 0; control < 0x20; ++control) {
            std::string text = "{\"a\":\"" + std::string(before, 'x') + control + "0123456789\"}";
            check_refused(text);
        }
        read("{\"a\":\"" + std::string(before, 'x') + " \x7f\"}");
    }
}

TEST_CASE("ocpi/json/document: containers are walked in document order")
{
    const auto parsed = read(R"([{"a":[1,[2,3]],"b":{}},[],4])");
    std::string walked;
    for (auto element : parsed.root()) walked.append(element.text()).append("|");
    CHECK(walked == R"({"a":[1,[2,3]],"b":{}}|[]|4|)");
    CHECK(parsed.root().size() == 3);
}

TEST_CASE("ocpi/json/document: numbers of any size are legal and keep their spelling")
{
    const std::string digits(400, '9');
    for (const std::string& number :
         {std::string("1e400"), std::string("-1E+99999"), std::string("0.1e-500"), digits,
          digits + ".5e5", std::string("123456789012345678901234567890")}) {
        CAPTURE(number);
        const auto parsed = read("{\"s\":\"1e400 \\\" 1e400\",\"a\":[" + number + " ,1e400]}");
        CHECK(parsed.root().find("a")->text() == "[" + number + ",1e400]");
        CHECK(parsed.root().find("s")->text() == R"("1e400 \" 1e400")");
    }
}

TEST_CASE("ocpi/json/document: numbers too long to be kept are pointed at")
{
    const std::string longest(100, '1');
    const auto parsed = read("{\"a\":" + longest + ",\"b\":[0,{\"c/d~\":1" + longest +
                             "}],\"e\":" + longest + "0}");
    CHECK(parsed.pointers_to_long_numbers() == std::vector<std::string>{"/b/1/c~1d~0", "/e"});
}

TEST_CASE("ocpi/json/document: what is not JSON is refused")
{
    for (const char* text : {"",
                             " ",
                             "{",
                             "}",
                             "[1,]",
                             "{\"a\":1,}",
                             "{\"a\"}",
                             "{a:1}",
                             "{'a':1}",
                             "nul",
                             "True",
                             "01",
                             "1.",
                             ".5",
                             "+1",
                             "-",
                             "1e",
                             "1e+",
                             "0x1",
                             "NaN",
                             "Infinity",
                             "[1 2]",
                             "1 2",
                             "{\"a\":1}x",
                             "\"a",
                             "\"\\x\"",
                             "\"\\u12\"",
                             "\"a\tb\"",
                             "[1e999,01]",
                             "[1e999 1]",
                             "{\"a\":1e999,\"b\":1e}",
                             "/* */1",
                             "\xef\xbb\xbf{}"}) {
        check_refused(text);
    }
    check_refused(std::string_view("{}\0x", 4));
    check_refused(std::string_view("{}\0", 3));
    check_refused(std::string_view("[\"a\0b\"]", 7));
}

TEST_CASE("ocpi/json/document: text that is not UTF-8 is refused, and so are lone surrogates")
{
    check_refused("\"\xff\"");
    check_refused("\"\xc0\xaf\"");
    check_refused("\"\xed\xa0\x80\"");
    check_refused("\"\xf4\x90\x80\x80\"");
    check_refused("\"\xe2\x82\"");
    check_refused("{\"\xff\":1}");
    check_refused(R"("\ud83d")");
    check_refused(R"("\ud83dx")");
    check_refused(R"("\ud83d\u0041")");
    check_refused(R"("\ude00")");
    check_refused(R"({"\ude00":1})");
    CHECK(read("\"\xed\x9f\xbf\"").root().string() == "\xed\x9f\xbf");
}

TEST_CASE("ocpi/json/document: a name twice in one object is refused, however it is escaped")
{
    check_refused(R"({"a":1,"a":1})");
    check_refused(R"({"a":1,"\u0061":2})");
    check_refused(R"({"x":{"y":[{"z":1,"q":2,"z":3}]}})");
    read(R"({"a":{"a":{"a":1}},"b":[{"a":1},{"a":2}]})");

    std::string members;
    for (int i = 0; i < 40; ++i) {
        const auto name = std::to_string(i);
        read("{" + members + "\"n" + name + "\":1}");
        members += "\"n" + name + "\":1,";
        check_refused("{" + members + "\"n" + name + "\":1}");
        check_refused("{" + members + "\"n0\":1}");
    }
}

TEST_CASE("ocpi/json/document: 32 levels are read, 33 are not, and 200,000 do no harm")
{
    const auto nested = [](std::size_t depth) {
        return std::string(depth, '[') + std::string(depth, ']');
    };
    read(nested(32));
    check_refused(nested(33));
    check_refused(nested(200'000));
    check_refused(std::string(200'000, '['));
    check_refused([] {
        std::string objects;
        for (int i = 0; i < 33; ++i) objects += "{\"a\":";
        return objects;
    }());
}

TEST_CASE("ocpi/json/document: sameness ignores order and escapes, and numbers as asked")
{
    const auto a = read(R"({"x":1.0,"y":["\u0041",{"p":null,"q":true}]})");
    const auto b = read(R"({"y":["A",{"q":true,"p":null}],"x":1.00})");
    CHECK(json::same(a.root(), b.root(), json::number_equality::amount));
    CHECK_FALSE(json::same(a.root(), b.root(), json::number_equality::spelling));

    const auto differs = [](const char* left, const char* right) {
        const auto l = read(left);
        const auto r = read(right);
        return !json::same(l.root(), r.root(), json::number_equality::amount);
    };
    CHECK(differs("[1,2]", "[2,1]"));
    CHECK(differs(R"({"a":1})", R"({"b":1})"));
    CHECK(differs(R"({"a":1})", R"({"a":1,"b":2})"));
    CHECK(differs("true", "false"));
    CHECK(differs("null", "0"));
    CHECK(differs(R"("a")", R"("b")"));
}

}  // namespace document_test
