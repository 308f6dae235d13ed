#include "modules/sessions/timed_list.hpp"

#include <doctest/doctest.h>

#include <string>

namespace timed_list_test {

using namespace ocpi;
using namespace ocpi::sessions;

namespace {

std::string period(const std::string& minute, const std::string& dimensions,
                   const std::string& more = "")
{
    return R"({"start_date_time":"2024-01-01T10:)" + minute + R"(:00Z","dimensions":[)" +
           dimensions + "]" + more + "}";
}

std::string energy(const std::string& volume)
{
    return R"({"type":"ENERGY","volume":)" + volume + "}";
}

/// The list after appending; `=` when nothing was new.
std::string append_periods(const std::string& stored, const std::string& added)
{
    const auto before = *json::parse(stored);
    const auto candidates = *json::parse(added);
    auto appended = append(timed_list::charging_periods, before.root(), candidates.root());
    return appended.changed ? appended.json : "=";
}

std::string append_values(const std::string& stored, const std::string& added)
{
    const auto before = *json::parse(stored);
    const auto candidates = *json::parse(added);
    auto appended = append(timed_list::meter_value, before.root(), candidates.root());
    return appended.changed ? appended.json : "=";
}

std::string list(std::initializer_list<std::string> elements)
{
    std::string text = "[";
    for (const auto& element : elements) {
        if (text.size() > 1) text += ',';
        text += element;
    }
    return text + ']';
}

std::string sorted(const std::string& text)
{
    const auto parsed = *json::parse(text);
    return in_time_order(timed_list::charging_periods, parsed.root());
}

}  // namespace

TEST_CASE("modules/sessions/timed_list: two members of a Session are lists that grow")
{
    CHECK(as_timed_list("charging_periods") == timed_list::charging_periods);
    CHECK(as_timed_list("meter_value") == timed_list::meter_value);
    CHECK_FALSE(as_timed_list("meter_values"));
    CHECK_FALSE(as_timed_list(""));
}

TEST_CASE("modules/sessions/timed_list: new periods are appended, in the order of their starts")
{
    const auto at_00 = period("00", energy("1.00"));
    const auto at_10 = period("10", energy("2.0"));
    const auto at_20 = period("20", energy("3"));
    CHECK(append_periods(list({at_00, at_20}), list({at_10})) == list({at_00, at_10, at_20}));
    CHECK(append_periods("[]", list({at_20, at_00})) == list({at_00, at_20}));
    CHECK(append_periods(list({at_00}), "[]") == "=");
}

TEST_CASE("modules/sessions/timed_list: a period that is there already is dropped, by value")
{
    const auto stored = list({period("00", energy("1.0") + R"(,{"type":"TIME","volume":2})",
                                     R"(,"tariff_id":"T1","x":[1, 2])")});
    for (const auto& same : {period("00", energy("1.00") + R"(,{"type":"TIME","volume":2})",
                                    R"(,"tariff_id":"T1","x":[1,2])"),
                             period("00", R"({"volume":20e-1,"type":"TIME"},)" + energy("1"),
                                    R"(,"x":[1,2],"tariff_id":"t1")"),
                             period("00", R"({"type":"TI\u004dE","volume":2},)" + energy("1.0"),
                                    R"(,"tariff_id":"T1","x":[1,2])")}) {
        CAPTURE(same);
        CHECK(append_periods(stored, list({same})) == "=");
    }
}

TEST_CASE("modules/sessions/timed_list: same start and different content is another period")
{
    const auto stored = period("00", energy("1.0"), R"(,"tariff_id":"T1")");
    for (const auto& other :
         {period("00", energy("1.1"), R"(,"tariff_id":"T1")"),
          period("00", energy("1.0"), R"(,"tariff_id":"T2")"), period("00", energy("1.0")),
          period("00", energy("1.0") + "," + energy("1.0"), R"(,"tariff_id":"T1")"),
          period("00", R"({"type":"TIME","volume":1.0})", R"(,"tariff_id":"T1")"),
          period("00", R"({"type":"ENERGY","volume":1.0,"x":1})", R"(,"tariff_id":"T1")"),
          period("00", energy("1.0"), R"(,"tariff_id":"T1","x":1)")}) {
        CAPTURE(other);
        CHECK(append_periods(list({stored}), list({other})) == list({stored, other}));
    }
}

TEST_CASE("modules/sessions/timed_list: a null tariff_id is no tariff_id")
{
    const auto with_null = period("00", energy("1"), R"(,"tariff_id":null)");
    CHECK(append_periods(list({period("00", energy("1"))}), list({with_null})) == "=");
}

TEST_CASE("modules/sessions/timed_list: dimensions are counted, not only named")
{
    const auto twice = period("00", energy("1") + ',' + energy("1") + ',' + energy("2"));
    const auto other = period("00", energy("1") + ',' + energy("2") + ',' + energy("2"));
    CHECK(append_periods(list({twice}), list({other})) == list({twice, other}));
    CHECK(append_periods(list({twice}), list({twice})) == "=");
}

TEST_CASE("modules/sessions/timed_list: a duplicate within what is appended is dropped too")
{
    const auto one = period("00", energy("1"));
    CHECK(append_periods("[]", list({one, one, one})) == list({one}));
}

TEST_CASE("modules/sessions/timed_list: meter values are the same when their texts are")
{
    const std::string at_10 = R"({"timestamp":"2024-01-01T10:10:00Z","v":1})";
    const std::string at_00 = R"({"timestamp":"2024-01-01T10:00:00Z","v":1.0})";
    const std::string other = R"({"timestamp":"2024-01-01T10:00:00Z","v":1})";
    CHECK(append_values(list({at_10}), list({at_00, at_10})) == list({at_00, at_10}));
    CHECK(append_values(list({at_00}), list({at_00})) == "=");
    CHECK(append_values(list({at_00}), list({other})) == list({at_00, other}));
}

TEST_CASE(
    "modules/sessions/timed_list: an element without a timestamp stays behind the one before it")
{
    const std::string late = R"({"timestamp":"2024-01-01T11:00:00Z"})";
    const std::string early = R"({"timestamp":"2024-01-01T10:00:00Z"})";
    CHECK(append_values(list({late, "7"}), list({early, "7", R"({"timestamp":5})"})) ==
          list({early, R"({"timestamp":5})", late, "7"}));
    CHECK(append_values(list({"1", late}), list({early})) == list({"1", early, late}));
}

TEST_CASE("modules/sessions/timed_list: what was stored but is no list is replaced")
{
    const auto stored = *json::parse("\"none\"");
    const auto added = *json::parse("[1]");
    CHECK(append(timed_list::meter_value, stored.root(), added.root()).json == "[1]");
    CHECK(append(timed_list::meter_value, std::nullopt, added.root()).json == "[1]");
}

TEST_CASE("modules/sessions/timed_list: sorting is stable and by instant, not by text")
{
    const std::string a = R"({"start_date_time":"2024-01-01T10:00:00.000Z","n":1})";
    const std::string b = R"({"start_date_time":"2024-01-01T10:00:00Z","n":2})";
    const std::string c = R"({"start_date_time":"2024-01-01T09:59:59.999Z","n":3})";
    CHECK(sorted(list({a, b, c})) == list({c, a, b}));
    CHECK(sorted(list({b, a})) == list({b, a}));
    CHECK(sorted("[]") == "[]");
}

TEST_CASE("modules/sessions/timed_list: timestamps are kept when each occurs again")
{
    const auto stored = *json::parse(R"([{"timestamp":"2024-01-01T10:00:00Z"},7])");
    const auto kept = *json::parse(R"([{"timestamp":"2024-01-01T10:00:00.000Z","x":1}])");
    const auto lost = *json::parse(R"([{"timestamp":"2024-01-01T10:00:01Z"}])");
    CHECK(keeps_timestamps(timed_list::meter_value, stored.root(), kept.root()));
    CHECK_FALSE(keeps_timestamps(timed_list::meter_value, stored.root(), lost.root()));
    CHECK_FALSE(keeps_timestamps(timed_list::meter_value, stored.root(), std::nullopt));
}

TEST_CASE("modules/sessions/timed_list: lists of hostile size are compared in one pass")
{
    const auto many = [](std::size_t count, const char* more) {
        std::string text = "[";
        for (std::size_t i = 0; i < count; ++i) {
            if (i > 0) text += ',';
            text += R"({"start_date_time":"2024-01-01T10:00:00Z","dimensions":[{"type":"ENERGY",)"
                    R"("volume":)" +
                    std::to_string(i) + "}]" + more + '}';
        }
        return text + ']';
    };
    const auto stored = *json::parse(many(60'000, ""));
    const auto added = *json::parse(many(8'000, ",\"x\":1"));
    const auto replay = *json::parse(many(8'000, ""));
    const auto appended = append(timed_list::charging_periods, stored.root(), added.root());
    CHECK(json::parse(appended.json)->root().size() == 68'000);
    CHECK_FALSE(append(timed_list::charging_periods, stored.root(), replay.root()).changed);
}

}  // namespace timed_list_test
