#include "modules/sessions/meter_values.hpp"

#include "tests/support/meter_text.hpp"
#include "tests/support/session_text.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace meter_values_test {

using namespace ocpi;
using namespace ocpi::sessions;
using test::kwh_register;
using test::list_of;
using test::sampled;
using test::session_text;

namespace {

struct reading {
    meter_values values;
    std::vector<std::string> notes;
};

reading read(const std::string& meter_value)
{
    reading done;
    const auto stored = *json::parse(session_text({{"meter_value", meter_value}}));
    done.values = read_meter_values(stored, done.notes);
    return done;
}

/// `10:15=3.5 10:30=7`
std::string show(const std::vector<meter_reading>& readings)
{
    std::string text;
    for (const auto& one : readings) {
        if (!text.empty()) text += ' ';
        text += to_string(one.at).substr(11, 5) + '=' + to_text(one.value);
    }
    return text;
}

std::string registers_of(const std::string& meter_value)
{
    return show(read(meter_value).values.registers);
}

/// An element of several samples, each the members of one.
std::string element(const std::string& time, std::initializer_list<std::string> samples)
{
    std::string all;
    for (const auto& sample : samples) all += (all.empty() ? "{" : ",{") + sample + '}';
    return R"({"timestamp":)" + test::at(time) + R"(,"sampled_value":[)" + all + "]}";
}

}  // namespace

TEST_CASE("modules/sessions/meter_values: a value without words is a register in Wh")
{
    CHECK(registers_of(list_of(
              {sampled("10:15", R"("value":"3500")"), sampled("10:30", R"("value":"7000.25")")})) ==
          "10:15=3.5 10:30=7.00025");
    CHECK(registers_of(list_of({sampled("10:15", R"("value":"3500","unit":"Wh")")})) ==
          "10:15=3.5");
    CHECK(registers_of(list_of({sampled("10:15", R"("value":"3.50","unit":"kWh")")})) ==
          "10:15=3.5");
}

TEST_CASE(
    "modules/sessions/meter_values: numbers may be numbers, and text may be spelt as meters do")
{
    CHECK(registers_of(list_of(
              {sampled("10:15", R"("value":3500)"), sampled("10:16", R"("value":3.6e3)"),
               sampled("10:17", R"("value":"0003700")"), sampled("10:18", R"("value":"+3800.0")"),
               sampled("10:19", R"("value":"-0.5","unit":"kWh")")})) ==
          "10:15=3.5 10:16=3.6 10:17=3.7 10:18=3.8 10:19=-0.5");
}

TEST_CASE("modules/sessions/meter_values: one sampled_value may stand without a list")
{
    CHECK(registers_of(R"([{"timestamp":"2024-01-01T10:15:00Z","sampled_value":{"value":"5"}}])") ==
          "10:15=0.005");
}

TEST_CASE("modules/sessions/meter_values: what is no list counts as not sent")
{
    for (const char* bad : {R"("none")", "{}", "7", "true"}) {
        CAPTURE(bad);
        const auto done = read(bad);
        CHECK_FALSE(done.values.are_sent);
        CHECK(done.notes ==
              std::vector<std::string>{"meter_value is malformed and counts as not sent"});
    }
}

TEST_CASE(
    "modules/sessions/meter_values: what is malformed counts as not sent, and takes nothing with "
    "it")
{
    const auto sound = kwh_register("10:15", "3");
    for (const std::string& bad :
         {std::string("7"), std::string("null"), std::string(R"({"sampled_value":[]})"),
          std::string(R"({"timestamp":"2024-01-01T10:15:00Z"})"),
          std::string(R"({"timestamp":"tomorrow","sampled_value":[]})"),
          std::string(R"({"timestamp":"2024-01-01T10:15:00Z","sampled_value":"3"})"),
          std::string(R"({"timestamp":"2024-01-01T10:15:00Z","sampled_value":[]})"),
          std::string(R"({"timestamp":"2024-01-01T10:15:00Z","sampled_value":[3]})"),
          sampled("10:30", R"("unit":"kWh")"), sampled("10:30", R"("value":true)"),
          sampled("10:30", R"("value":"much","context":"Transaction.End")"),
          sampled("10:30", R"("value":"")"), sampled("10:30", R"("value":"1","unit":5)")}) {
        CAPTURE(bad);
        const auto alone = read(list_of({bad}));
        CHECK_FALSE(alone.values.are_sent);
        CHECK_FALSE(alone.values.ended_at);
        CHECK(alone.notes == std::vector<std::string>{"meter_value: left out 1 malformed entry"});
        const auto beside = read(list_of({bad, sound, bad}));
        CHECK(beside.values.are_sent);
        CHECK(beside.values.registers.size() == 1);
        CHECK_FALSE(beside.values.ended_at);
        CHECK(beside.notes ==
              std::vector<std::string>{"meter_value: left out 2 malformed entries"});
    }
}

TEST_CASE("modules/sessions/meter_values: none are sent when there is no element")
{
    CHECK_FALSE(read("null").values.are_sent);
    CHECK_FALSE(read("[]").values.are_sent);
    CHECK(read("[]").notes.empty());
    CHECK(read(list_of({kwh_register("10:15", "3")})).values.are_sent);
}

TEST_CASE("modules/sessions/meter_values: of other measurands and formats nothing is needed")
{
    const auto done =
        read(list_of({sampled("10:15", R"("value":"x","measurand":"Voltage","unit":"V")"),
                      sampled("10:16", R"("value":"7F","format":"SignedData")")}));
    CHECK(done.values.are_sent);
    CHECK(done.values.registers.empty());
    CHECK(done.notes.empty());
}

TEST_CASE(
    "modules/sessions/meter_values: units that are not known and numbers beyond reckoning are "
    "noted")
{
    const auto done = read(list_of(
        {sampled("10:15", R"("value":"1","unit":"MWh")"), sampled("10:16", R"("value":"1e999999")"),
         sampled("10:17", R"("value":1e-999999)"), sampled("10:18", R"("value":"1")")}));
    CHECK(show(done.values.registers) == "10:18=0.001");
    REQUIRE(done.notes.size() == 2);
    CHECK(done.notes.back() == "meter_value: left out 1 values in units that are not known: MWh");
}

TEST_CASE(
    "modules/sessions/meter_values: at each instant the overall value counts before its phases")
{
    const auto phases = [](const std::string& total) {
        return list_of({element("10:15", {R"("value":"1000","phase":"L1")",
                                          R"("value":"2000","phase":"L2-N")" + total}),
                        element("10:30", {R"("value":"4000","phase":"L1")" + total})});
    };
    CHECK(registers_of(phases("")) == "10:15=3 10:30=6");
    CHECK(registers_of(phases(R"(},{"value":"9000")")) == "10:15=9 10:30=9");
}

TEST_CASE("modules/sessions/meter_values: what is known once by phases may be known overall later")
{
    const auto elements =
        element("10:00", {R"("value":"0","phase":"L1")", R"("value":"0","phase":"L2")"}) + "," +
        element("10:30", {R"("value":"1000","phase":"L1")", R"("value":"2000","phase":"L2")"});
    const auto with = [&](const std::string& more) {
        return registers_of("[" + elements + more + "]");
    };
    CHECK(with("") == "10:00=0 10:30=3");
    CHECK(with("," + element("10:45", {R"("value":"3100")"})) == "10:00=0 10:30=3 10:45=3.1");
    CHECK(with("," + element("10:45", {R"("value":"3100")"}) + "," +
               element("10:50", {R"("value":"3200")"})) == "10:00=0 10:30=3 10:45=3.1 10:50=3.2");
}

TEST_CASE("modules/sessions/meter_values: phases of one instant may come in several elements")
{
    CHECK(registers_of(list_of({sampled("10:00", R"("value":"1000","phase":"L1")"),
                                sampled("10:00", R"("value":"2000","phase":"L2")"),
                                sampled("10:30", R"("value":"1500","phase":"L1")"),
                                sampled("10:30", R"("value":"2500","phase":"L2")")})) ==
          "10:00=3 10:30=4");
}

TEST_CASE("modules/sessions/meter_values: the outlet is measured before any other place")
{
    CHECK(registers_of(list_of(
              {element("10:15", {R"("value":"1100","location":"Inlet")", R"("value":"1000")"}),
               element("10:30", {R"("value":"2200","location":"Inlet")",
                                 R"("value":"2000","location":"Outlet")"})})) == "10:15=1 10:30=2");
    CHECK(registers_of(list_of({sampled("10:15", R"("value":"1100","location":"Inlet")"),
                                sampled("10:15", R"("value":"1","location":"Body")")})) ==
          "10:15=1.1");
}

TEST_CASE("modules/sessions/meter_values: a first register that later messages repeat counts once")
{
    const std::string begin = R"("value":"1000","context":"Transaction.Begin")";
    const std::string middle = R"("value":"2500","context":"Sample.Periodic")";
    const std::string end = R"("value":"4000","context":"Transaction.End")";
    const auto done = read(list_of({element("10:00", {begin}), element("10:15", {middle, begin}),
                                    element("10:20", {begin}), element("10:30", {end, begin})}));
    CHECK(show(done.values.registers) == "10:00=1 10:15=2.5 10:30=4");
    CHECK(done.notes.empty());
    CHECK(to_string(*done.values.ended_at) == "2024-01-01T10:30:00Z");
}

TEST_CASE(
    "modules/sessions/meter_values: a transaction that begins once more has a register of its own")
{
    const auto begin = [](const std::string& wh) {
        return R"("value":")" + wh + R"(","context":"Transaction.Begin")";
    };
    CHECK(
        registers_of(list_of({element("10:00", {begin("1000")}), element("10:15", {begin("1500")}),
                              element("10:30", {begin("1000")})})) == "10:00=1 10:15=1.5");
}

TEST_CASE(
    "modules/sessions/meter_values: a power that a later message repeats from the begin is not new")
{
    const std::string idle =
        R"("value":"0","measurand":"Power.Active.Import","context":"Transaction.Begin")";
    const std::string busy = R"("value":"7000","measurand":"Power.Active.Import")";
    const auto done = read(
        list_of({element("10:00", {idle}), element("10:30", {busy}), element("10:31", {idle})}));
    REQUIRE(done.values.power);
    CHECK(show({*done.values.power}) == "10:30=7");
}

TEST_CASE("modules/sessions/meter_values: unit_of_measure of OCPP 2.0.1 counts as unit does")
{
    const auto in = [](const std::string& unit_of_measure) {
        return registers_of(
            list_of({sampled("10:15", R"("value":2.5,"unit_of_measure":)" + unit_of_measure)}));
    };
    CHECK(in(R"({"unit":"kWh"})") == "10:15=2.5");
    CHECK(in(R"({"unit":"Wh"})") == "10:15=0.0025");
    CHECK(in(R"({"unit":"Wh","multiplier":3})") == "10:15=2.5");
    CHECK(in(R"({"multiplier":4})") == "10:15=25");
    CHECK(in(R"({"unit":"kWh","multiplier":-1})") == "10:15=0.25");
    CHECK(in("{}") == "10:15=0.0025");
    CHECK(in("null") == "10:15=0.0025");
    CHECK(in(R"({"unit":null,"multiplier":null})") == "10:15=0.0025");
    CHECK(in(R"({"unit":"kWh"},"unit":"Wh")") == "10:15=2.5");
    CHECK(in(R"({"multiplier":3},"unit":"kWh")") == "10:15=2500");
    CHECK(registers_of(list_of({sampled(
              "10:15", R"("value":"25e-1","unit_of_measure":{"multiplier":3})")})) == "10:15=2.5");
}

TEST_CASE("modules/sessions/meter_values: a unit_of_measure that is none makes the entry malformed")
{
    for (const char* bad :
         {R"("kWh")", "3", R"({"unit":3})", R"({"multiplier":"3"})", R"({"multiplier":0.5})"}) {
        CAPTURE(bad);
        const auto done =
            read(list_of({sampled("10:15", std::string(R"("value":1,"unit_of_measure":)") + bad)}));
        CHECK(done.values.registers.empty());
        CHECK(done.notes == std::vector<std::string>{"meter_value: left out 1 malformed entry"});
    }
}

TEST_CASE("modules/sessions/meter_values: no multiplier is too large to be read")
{
    for (const char* large : {"1000", "99999999999999999999", "-1000", "1e30"}) {
        CAPTURE(large);
        const auto done = read(list_of({sampled(
            "10:15", std::string(R"("value":1,"unit_of_measure":{"multiplier":)") + large + '}')}));
        CHECK(done.values.registers.empty());
        CHECK(done.notes.size() == 1);
    }
}

TEST_CASE(
    "modules/sessions/meter_values: units that are not known are named, the first few of them")
{
    const auto of_unit = [](const std::string& unit) {
        return R"("value":"1","unit":")" + unit + '"';
    };
    const auto done =
        read(list_of({element("10:00", {of_unit("MWh"), of_unit("varh"), of_unit("MWh"),
                                        R"("value":1,"unit_of_measure":{"unit":"GJ"})"})}));
    CHECK(done.notes ==
          std::vector<std::string>{
              "meter_value: left out 4 values in units that are not known: MWh, varh, GJ"});
    const auto many =
        read(list_of({element("10:00", {of_unit("a"), of_unit("b"), of_unit("c"), of_unit("d"),
                                        of_unit("e"), of_unit(std::string(100, 'f'))})}));
    CHECK(many.notes ==
          std::vector<std::string>{
              "meter_value: left out 6 values in units that are not known: a, b, c, d, e, …"});
}

TEST_CASE("modules/sessions/meter_values: levels, the latest power, and the end are read")
{
    const auto done = read(list_of(
        {element("10:15", {R"("value":"35","measurand":"SoC","unit":"Percent","location":"EV")",
                           R"("value":"7200","measurand":"Power.Active.Import")"}),
         element("10:30", {R"("value":36,"measurand":"SoC")",
                           R"("value":"7.4","measurand":"Power.Active.Import","unit":"kW")",
                           R"("value":"5","context":"Transaction.End")"})}));
    CHECK(show(done.values.levels) == "10:15=35 10:30=36");
    REQUIRE(done.values.power);
    CHECK(show({*done.values.power}) == "10:30=7.4");
    REQUIRE(done.values.ended_at);
    CHECK(to_string(*done.values.ended_at) == "2024-01-01T10:30:00Z");
}

TEST_CASE("modules/sessions/meter_values: what is out of order is put in order, with a note")
{
    const auto done = read(list_of({kwh_register("10:30", "2"), kwh_register("10:15", "1")}));
    CHECK(show(done.values.registers) == "10:15=1 10:30=2");
    CHECK(done.notes.size() == 1);
}

}  // namespace meter_values_test
