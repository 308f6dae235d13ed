#include "modules/exchange/session_diff.hpp"

#include "modules/sessions/decision.hpp"
#include "modules/sessions/timed_list.hpp"
#include "tests/support/session_text.hpp"
#include "tests/support/written_at.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

namespace session_diff_test {

using namespace ocpi;
using namespace ocpi::sessions;
using exchange::write_patch;
using test::session_text;

namespace {

/// Empty when a PUT is needed.
std::string patch(const std::string& before, const std::string& now)
{
    return write_patch(*json::parse(before), *json::parse(now)).value_or("");
}

std::string period(int minute, const std::string& volume)
{
    const auto time = std::to_string(10 + minute);
    return R"({"start_date_time":"2024-01-01T10:)" + time +
           R"(:00Z","dimensions":[{"type":"ENERGY","volume":)" + volume + "}]}";
}

std::string periods(std::initializer_list<std::string> elements)
{
    std::string list;
    for (const auto& element : elements) list += (list.empty() ? "" : ",") + element;
    return '[' + list + ']';
}

const std::string later = R"("2024-01-01T10:40:00Z")";

}  // namespace

TEST_CASE("modules/exchange/session_diff: only what changed is sent, and always last_updated")
{
    CHECK(patch(session_text(), session_text({{"kwh", "11.00"}, {"last_updated", later}})) ==
          R"({"kwh":11.00,"last_updated":"2024-01-01T10:40:00Z"})");
    CHECK(patch(session_text(), session_text()) == R"({"last_updated":"2024-01-01T10:30:00Z"})");
    CHECK(patch(session_text(), session_text({{"soc_start", "7"}, {"meter_id", R"("M")"}})) ==
          R"({"last_updated":"2024-01-01T10:30:00Z","soc_start":7,"meter_id":"M"})");
}

TEST_CASE("modules/exchange/session_diff: a number that is spelt in another way has not changed")
{
    const std::string only_date = R"({"last_updated":"2024-01-01T10:30:00Z"})";
    CHECK(patch(session_text(), session_text({{"kwh", "10.5"}})) == only_date);
    CHECK(patch(session_text(), session_text({{"kwh", "105E-1"}})) == only_date);
    CHECK(patch(session_text({{"total_cost", R"({"before_taxes":41.0,"taxes":[{"amount":2}]})"}}),
                session_text({{"total_cost",
                               R"({"taxes":[{"amount":2.00}],"before_taxes":41})"}})) == only_date);
    // In a list that grows as well.
    CHECK(
        patch(session_text({{"charging_periods", periods({period(1, "1")})}}),
              session_text({{"charging_periods", periods({period(1, "1.0"), period(2, "2")})}})) ==
        R"({"last_updated":"2024-01-01T10:30:00Z","charging_periods":[)" + period(2, "2") + "]}");
    CHECK(patch(session_text(), session_text({{"kwh", "10.500000000000000000001"}})) != only_date);
}

TEST_CASE("modules/exchange/session_diff: an optional field that is gone is null")
{
    CHECK(patch(session_text({{"total_cost", R"({"before_taxes":1})"}, {"meter_id", R"("M")"}}),
                session_text()) ==
          R"({"last_updated":"2024-01-01T10:30:00Z","total_cost":null,"meter_id":null})");
}

TEST_CASE("modules/exchange/session_diff: nested objects go whole")
{
    CHECK(patch(session_text({{"total_cost", R"({"before_taxes":1,"taxes":[]})"}}),
                session_text({{"total_cost", R"({"before_taxes":2,"taxes":[]})"}})) ==
          R"({"last_updated":"2024-01-01T10:30:00Z","total_cost":{"before_taxes":2,"taxes":[]}})");
}

TEST_CASE("modules/exchange/session_diff: of a list that grew only the new elements are sent")
{
    const auto one = session_text({{"charging_periods", periods({period(1, "1")})}});
    const auto two =
        session_text({{"charging_periods", periods({period(1, "1"), period(2, "2")})}});
    CHECK(patch(one, two) ==
          R"({"last_updated":"2024-01-01T10:30:00Z","charging_periods":[)" + period(2, "2") + "]}");
    // One that came late stands between the others.
    const auto three = session_text(
        {{"charging_periods", periods({period(0, "0"), period(1, "1"), period(2, "2")})}});
    CHECK(patch(two, three) ==
          R"({"last_updated":"2024-01-01T10:30:00Z","charging_periods":[)" + period(0, "0") + "]}");
    CHECK(patch(session_text(), one) ==
          R"({"last_updated":"2024-01-01T10:30:00Z","charging_periods":[)" + period(1, "1") + "]}");
    CHECK(patch(session_text({{"meter_value", R"([{"timestamp":"2024-01-01T10:00:00Z"}])"}}),
                session_text({{"meter_value", R"([{"timestamp":"2024-01-01T10:00:00Z"},)"
                                              R"({"timestamp":"2024-01-01T11:00:00Z"}])"}})) ==
          R"({"last_updated":"2024-01-01T10:30:00Z",)"
          R"("meter_value":[{"timestamp":"2024-01-01T11:00:00Z"}]})");
}

TEST_CASE("modules/exchange/session_diff: what a PATCH cannot say needs a PUT")
{
    const auto one = session_text({{"charging_periods", periods({period(1, "1")})}});
    CHECK(patch(one, session_text()).empty());
    CHECK(patch(one, session_text({{"charging_periods", "[]"}})).empty());
    CHECK(patch(one, session_text({{"charging_periods", periods({period(1, "2")})}})).empty());
    // An element that the receiver would take for one that it has.
    CHECK(patch(one,
                session_text({{"charging_periods", periods({period(1, "1"), period(1, "1.0")})}}))
              .empty());
    CHECK(patch(session_text(), session_text({{"meter_value", "7"}})).empty());
    CHECK(patch(session_text(), session_text({{"cdr_token", ""}})).empty());
    CHECK(patch(session_text({{"soc_start", "7"}}), session_text()).empty());
    CHECK(patch(session_text(), session_text({{"id", R"("s1")"}})).empty());
    CHECK(patch(session_text(), session_text({{"end_date_time", "null"}})).empty());
    CHECK(patch(session_text({{"last_updated", later}}), session_text()).empty());
}

namespace {

/// A Session that changes at random, as a backend might change it.
class changing_session {
public:
    explicit changing_session(unsigned seed) : random_(seed) {}

    std::string text() const
    {
        std::string json = session_text();
        json.pop_back();
        json.resize(json.rfind(",\"last_updated\""));
        for (const auto& [name, text] : members_) json += ",\"" + name + "\":" + text;
        add_list(json, "charging_periods", timed_list::charging_periods, periods_);
        add_list(json, "meter_value", timed_list::meter_value, meter_values_);
        return json + R"(,"last_updated":"2024-01-01T11:)" + std::to_string(10 + minute_) +
               ":00Z\"}";
    }

    void change()
    {
        if (pick(4) > 0) ++minute_;
        for (unsigned edits = pick(4) + 1; edits > 0; --edits) edit();
    }

private:
    unsigned pick(unsigned below) { return static_cast<unsigned>(random_()) % below; }

    void edit()
    {
        static const char* const optional_fields[] = {"meter_id", "authorization_reference",
                                                      "soc_start", "odometer"};
        switch (pick(8)) {
            case 0:
            case 1: periods_.push_back(period(static_cast<int>(pick(40)), number())); break;
            case 2:
                meter_values_.push_back(R"({"timestamp":"2024-01-01T10:)" +
                                        std::to_string(10 + pick(40)) + R"(:00Z","v":)" + number() +
                                        '}');
                break;
            case 3: set(optional_fields[pick(4)], '"' + number() + '"'); break;
            case 4: erase(optional_fields[pick(4)]); break;
            case 5:
                if (pick(4) == 0 && !periods_.empty()) periods_.erase(periods_.begin());
                break;
            case 6:
                if (pick(4) == 0 && !periods_.empty()) periods_.back() = period(45, number());
                break;
            default: set("total_cost", R"({"before_taxes":)" + number() + '}');
        }
    }

    std::string number() { return std::to_string(pick(3)) + (pick(2) == 0 ? ".0" : ""); }

    void set(const std::string& name, std::string text)
    {
        erase(name);
        members_.emplace_back(name, std::move(text));
    }

    void erase(const std::string& name)
    {
        std::erase_if(members_, [&](const test::member& each) { return each.first == name; });
    }

    static void add_list(std::string& json, const std::string& name, timed_list list,
                         const std::vector<std::string>& elements)
    {
        if (elements.empty()) return;
        std::string array;
        for (const auto& element : elements) array += (array.empty() ? "[" : ",") + element;
        const auto parsed = *json::parse(array + ']');
        json += ",\"" + name + "\":" + in_time_order(list, parsed.root());
    }

    std::mt19937 random_;
    std::vector<test::member> members_;
    std::vector<std::string> periods_;
    std::vector<std::string> meter_values_;
    unsigned minute_ = 0;
};

}  // namespace

TEST_CASE("modules/exchange/session_diff: what was, with the PATCH applied, is what is")
{
    const auto seed = std::random_device{}();
    INFO("seed ", seed);
    int patches = 0;
    for (unsigned round = 0; round < 40; ++round) {
        changing_session changing(seed + round);
        auto before = *json::parse(changing.text());
        for (int step = 0; step < 20; ++step) {
            changing.change();
            auto now = *json::parse(changing.text());
            if (const auto body = write_patch(before, now)) {
                INFO("before ", before.text(), " now ", now.text(), " patch ", *body);
                const auto sent = read_session(*body, body_kind::fragment, strictness::strict,
                                               crud::object_key("ES", "ABC", "S1"));
                REQUIRE(sent.has_value());
                const auto made = decide_patch(before, *sent, test::written_at);
                REQUIRE(made.has_value());
                const auto outcome = *json::parse(made->changes ? made->json : before.text());
                CHECK(json::same(outcome.root(), now.root(), json::number_equality::amount));
                ++patches;
            }
            before = std::move(now);
        }
    }
    CHECK(patches > 200);
}

}  // namespace session_diff_test
