#include "ocpi/json/field_reader.hpp"

#include <doctest/doctest.h>

#include <array>
#include <string>
#include <vector>

namespace field_reader_test {

using namespace ocpi;
using json::object_reader;
using json::presence;

namespace {

/// A document under the eyes of a reader.
class reading {
public:
    explicit reading(std::string_view text, json::leniency lenient = {})
        : document_(*json::parse(text)), findings_(lenient)
    {
    }

    object_reader root() { return object_reader(document_.root(), "", findings_); }
    json::diagnostics& findings() { return findings_; }
    const json::document& document() const { return document_; }
    std::string stored_text() const { return findings_.apply_replacements(document_); }

    /// The problems as `pointer text`, one a line.
    std::string problems() const
    {
        std::string all;
        for (const auto& problem : findings_.problems()) {
            if (!all.empty()) all += '\n';
            all += problem.pointer + ' ' + problem.text;
        }
        return all;
    }

private:
    json::document document_;
    json::diagnostics findings_;
};

/// What is complained of when `read` reads the field `f` of `text`.
template <class Read>
std::string complaint(std::string_view text, Read read)
{
    reading in(text);
    auto root = in.root();
    CHECK_FALSE(read(root));
    return in.problems();
}

}  // namespace

TEST_CASE("ocpi/json/field_reader: cardinality says whether a field may be absent or null")
{
    struct example {
        const char* text;
        presence wanted;
        const char* complaint;
    };
    for (const auto& [text, wanted, complained] : {
             example{"{}", presence::required, "/f is missing: a string is required"},
             example{R"({"f":null})", presence::required, "/f is null: a string is required"},
             example{"{}", presence::optional, ""},
             example{R"({"f":null})", presence::optional, ""},
             example{"{}", presence::required_if_present, ""},
             example{R"({"f":null})", presence::required_if_present,
                     "/f is null: a string is required"},
         }) {
        CAPTURE(text);
        CHECK(complaint(text, [wanted = wanted](object_reader& in) {
                  return in.text("f", 0, wanted).has_value();
              }) == complained);
    }
}

TEST_CASE("ocpi/json/field_reader: a field of the wrong kind is named with both kinds")
{
    const auto as_text = [](object_reader& in) {
        return in.text("f", 0, presence::optional).has_value();
    };
    CHECK(complaint(R"({"f":1})", as_text) == "/f must be a string, not a number");
    CHECK(complaint(R"({"f":true})", as_text) == "/f must be a string, not a boolean");
    CHECK(complaint(R"({"f":{}})", as_text) == "/f must be a string, not an object");
    CHECK(complaint(R"({"f":[]})", as_text) == "/f must be a string, not an array");
    CHECK(complaint(R"({"f":"1"})", [](object_reader& in) {
              return in.number("f", presence::optional).has_value();
          }) == "/f must be a number, not a string");
    CHECK(complaint(R"({"f":[]})", [](object_reader& in) {
              return in.object("f", presence::optional).has_value();
          }) == "/f must be an object, not an array");
    CHECK(complaint(R"({"f":{}})", [](object_reader& in) {
              return in.list("f", presence::optional, [](json::value, const std::string&) {})
                  .has_value();
          }) == "/f must be an array, not an object");
}

TEST_CASE("ocpi/json/field_reader: a CiString is printable ASCII of a bounded length")
{
    const auto read = [](object_reader& in) {
        return in.ci_text("f", 3, presence::required).has_value();
    };
    CHECK(complaint(R"({"f":"abcd"})", read) == "/f is longer than 3 characters");
    CHECK(complaint(R"({"f":"é"})", read) == "/f may hold printable ASCII characters only");
    CHECK(complaint(R"({"f":"a\n"})", read) == "/f may hold printable ASCII characters only");
    reading in(R"({"f":"\u0061Bc"})");
    CHECK(in.root().ci_text("f", 3, presence::required)->str() == "aBc");
}

TEST_CASE("ocpi/json/field_reader: a string is counted in code points and holds no controls")
{
    const auto read = [](object_reader& in) {
        return in.text("f", 3, presence::required).has_value();
    };
    CHECK(complaint(R"({"f":"abcd"})", read) == "/f is longer than 3 characters");
    for (const char* text : {R"({"f":"\n"})", R"({"f":"\u0000"})", R"({"f":"\u007f"})",
                             R"({"f":"\u0085"})", R"({"f":"\u009f"})"}) {
        CAPTURE(text);
        CHECK(complaint(text, read) == "/f may not hold control characters");
    }
    for (const char* text :
         {R"({"f":"éé€"})", R"({"f":"\ud83d\ude00éa"})", R"({"f":"\u00a0"})", R"({"f":""})"}) {
        CAPTURE(text);
        reading in(text);
        CHECK(in.root().text("f", 3, presence::required).has_value());
        CHECK(in.problems().empty());
    }
    reading unlimited("{\"f\":\"" + std::string(5000, 'x') + "\"}");
    CHECK(unlimited.root().text("f", 0, presence::required)->size() == 5000);
}

TEST_CASE("ocpi/json/field_reader: a number is read exactly")
{
    reading in(R"({"f":41.00,"g":1e400})");
    CHECK(*in.root().number("f", presence::required) == *decimal::parse("41"));
    CHECK(*in.root().number("g", presence::required) == *decimal::parse("10e399"));
}

TEST_CASE("ocpi/json/field_reader: a boolean is true or false, and no word for it")
{
    reading in(R"({"f":true,"g":false})");
    CHECK(*in.root().boolean("f", presence::required));
    CHECK_FALSE(*in.root().boolean("g", presence::required));
    const auto read = [](object_reader& root) { return root.boolean("f", presence::optional); };
    CHECK(complaint(R"({"f":"true"})", read) == "/f must be a boolean, not a string");
    CHECK(complaint(R"({"f":1})", read) == "/f must be a boolean, not a number");
    CHECK(complaint(R"({"f":null})", read).empty());
}

TEST_CASE("ocpi/json/field_reader: a timestamp is replaced by its normal form")
{
    reading in(R"({"a":"2024-01-01T10:00:00","b":"2024-01-01T10:00:00.1234Z",)"
               R"("c":"2024-01-01T10:00:00Z"})");
    auto root = in.root();
    CHECK(root.timestamp("c", presence::required)->milliseconds() == 1'704'103'200'000);
    CHECK_FALSE(in.findings().has_replacements());
    CHECK(root.timestamp("b", presence::required)->milliseconds() == 1'704'103'200'123);
    CHECK(root.timestamp("a", presence::required).has_value());
    CHECK(in.problems().empty());
    // Noted out of document order, and replaced in it.
    CHECK(in.stored_text() == R"({"a":"2024-01-01T10:00:00Z","b":"2024-01-01T10:00:00.123Z",)"
                              R"("c":"2024-01-01T10:00:00Z"})");
}

TEST_CASE("ocpi/json/field_reader: what is no timestamp is quoted, cut short between characters")
{
    const auto read = [](object_reader& in) {
        return in.timestamp("f", presence::required).has_value();
    };
    CHECK(complaint(R"({"f":"today"})", read) ==
          "/f is not a DateTime such as 2024-01-01T10:00:00Z: \"today\"");
    const std::string long_text = "{\"f\":\"" + std::string(38, 'x') + "é€" + "\"}";
    CHECK(complaint(long_text, read) ==
          "/f is not a DateTime such as 2024-01-01T10:00:00Z: \"" + std::string(38, 'x') + "…");
}

TEST_CASE(
    "ocpi/json/field_reader: an offset is refused, or converted and named where that is allowed")
{
    const char* text = R"({"f":"2024-01-01T12:00:00.5+02:00"})";
    CHECK(complaint(text, [](object_reader& in) {
              return in.timestamp("f", presence::required).has_value();
          }) == "/f must be in UTC, without an offset: \"2024-01-01T12:00:00.5+02:00\"");

    json::leniency lenient;
    lenient.offset_timestamps = true;
    reading in(text, lenient);
    CHECK(in.root().timestamp("f", presence::required)->milliseconds() == 1'704'103'200'500);
    CHECK(in.findings().tolerated() == std::vector<std::string>{"/f converted to UTC"});
    CHECK(in.stored_text() == R"({"f":"2024-01-01T10:00:00.500Z"})");
}

TEST_CASE("ocpi/json/field_reader: a blank for the T is refused, or converted and named")
{
    const char* text = R"({"f":"2024-01-01 10:00:00Z"})";
    const auto read = [](object_reader& in) {
        return in.timestamp("f", presence::required).has_value();
    };
    const char* refusal =
        "/f is not a DateTime such as 2024-01-01T10:00:00Z: \"2024-01-01 10:00:00Z\"";
    CHECK(complaint(text, read) == refusal);

    reading in(text, json::converted_timestamps);
    CHECK(in.root().timestamp("f", presence::required)->milliseconds() == 1'704'103'200'000);
    CHECK(in.findings().tolerated() == std::vector<std::string>{"/f written with T for the blank"});
    CHECK(in.stored_text() == R"({"f":"2024-01-01T10:00:00Z"})");

    reading both(R"({"f":"2024-01-01 12:00:00+02:00"})", json::converted_timestamps);
    CHECK(both.root().timestamp("f", presence::required)->milliseconds() == 1'704'103'200'000);
    CHECK(both.findings().tolerated() == std::vector<std::string>{"/f converted to UTC"});
}

TEST_CASE("ocpi/json/field_reader: a closed enumeration knows its words to the letter")
{
    constexpr std::array<std::string_view, 2> words{"CHEAP", "FAST"};
    const auto read = [&words](object_reader& in) {
        return in.one_of("f", words, presence::required).has_value();
    };
    CHECK(complaint(R"({"f":"fast"})", read) == "/f must be one of CHEAP, FAST, not \"fast\"");
    CHECK(complaint(R"({"f":""})", read) == "/f must be one of CHEAP, FAST, not \"\"");
    reading in(R"({"f":"\u0046AST"})");
    CHECK(in.root().one_of("f", words, presence::required) == 1U);
}

TEST_CASE("ocpi/json/field_reader: problems inside objects and lists are pointed at")
{
    reading in(R"({"o":{"p/q":1},"l":[{"x":"1"},2,{"x":3}]})");
    auto root = in.root();
    auto object = root.object("o", presence::required);
    REQUIRE(object);
    CHECK(object->pointer() == "/o");
    CHECK_FALSE(object->text("p/q", 0, presence::required));
    std::string pointers;
    const auto count =
        root.list("l", presence::required, [&](json::value element, const std::string& pointer) {
            pointers += pointer + ' ';
            if (!element.is(json::kind::object)) return;
            object_reader entry(element, pointer, in.findings());
            (void)entry.number("x", presence::required);
        });
    CHECK(count == 3U);
    CHECK(pointers == "/l/0 /l/1 /l/2 ");
    CHECK(in.problems() ==
          "/o/p~1q must be a string, not a number\n/l/0/x must be a number, not a string");
}

TEST_CASE("ocpi/json/field_reader: of a list of objects, elements that are none are named")
{
    reading read(R"({"list":[{"n":1},7,{"n":3}]})");
    auto root = read.root();
    std::vector<std::string> met;
    root.objects("list", presence::required,
                 [&](object_reader& element) { met.push_back(element.pointer()); });
    CHECK(met == std::vector<std::string>{"/list/0", "/list/2"});
    CHECK(read.problems() == "/list/1 must be an object, not a number");
}

TEST_CASE("ocpi/json/field_reader: members that are not known are named, and those that are")
{
    reading read(R"({"kwh":1,"a/b":2,"last":3})");
    constexpr std::array<std::string_view, 2> known{"kwh", "id"};
    read.root().refuse_unknown_members(known);
    CHECK(read.problems() ==
          "/a~1b is not known here; known are kwh, id\n"
          "/last is not known here; known are kwh, id");
}

TEST_CASE("ocpi/json/field_reader: a list that must have an element may not be empty")
{
    const auto ignore = [](json::value, const std::string&) {};
    for (const auto wanted : {presence::required, presence::optional}) {
        reading in(R"({"f":[]})");
        CHECK(in.root().list("f", wanted, ignore) == 0U);
        CHECK(
            in.problems() ==
            (wanted == presence::required ? "/f is empty: at least one element is required" : ""));
    }
    CHECK(complaint("{}", [&](object_reader& in) {
              return in.list("f", presence::required, ignore).has_value();
          }) == "/f is missing: an array is required");
}

TEST_CASE("ocpi/json/field_reader: a root that is no object is a problem of the whole body")
{
    const auto parsed = *json::parse("[1]");
    json::diagnostics findings;
    CHECK_FALSE(object_reader::of_root(parsed, findings));
    CHECK(findings.to_error().text() == "the body must be an object, not an array");
    CHECK(findings.to_error().pointer().empty());
}

TEST_CASE("ocpi/json/field_reader: presence asks for a value, whatever its kind")
{
    reading in(R"({"n":null,"x":[]})");
    CHECK_FALSE(in.root().find_non_null("n"));
    CHECK_FALSE(in.root().find_non_null("absent"));
    CHECK(in.root().find_non_null("x"));
}

TEST_CASE("ocpi/json/field_reader: an error names every problem, and points at one that is alone")
{
    reading in("{}");
    auto root = in.root();
    (void)root.number("kwh", presence::required);
    CHECK(in.findings().to_error().code() == errc::invalid);
    CHECK(in.findings().to_error().pointer() == "/kwh");
    root.add_problem("x~", "is odd");
    CHECK(in.findings().to_error().text() == "/kwh is missing: a number is required; /x~0 is odd");
    CHECK(in.findings().to_error().pointer().empty());
}

TEST_CASE("ocpi/json/field_reader: 200 problems are named, the others counted")
{
    json::diagnostics findings;
    for (int i = 0; i < 200; ++i) findings.add_problem("/" + std::to_string(i), "is odd");
    CHECK(findings.to_error().text().ends_with("; /199 is odd"));
    for (int i = 0; i < 3; ++i) findings.add_problem("/more", "is odd");
    CHECK(findings.to_error().text().ends_with("; /199 is odd; and 3 more problems"));
}

TEST_CASE("ocpi/json/field_reader: numbers too long to be kept are problems wherever they stand")
{
    const std::string longest(101, '1');
    reading in("{\"kwh\":" + longest + ",\"x\":[" + longest + "]}");
    json::check_numbers(in.document(), in.findings());
    CHECK(in.problems() ==
          "/kwh is a number of more than 100 characters\n"
          "/x/0 is a number of more than 100 characters");
}

}  // namespace field_reader_test
