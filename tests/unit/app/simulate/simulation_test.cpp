#include "app/simulate/simulation.hpp"

#include "modules/sessions/codec.hpp"

#include <doctest/doctest.h>

#include <map>
#include <set>
#include <string>
#include <vector>

namespace simulation_test {

using namespace ocpi;
using namespace ocpi::app::simulate;

namespace {

simulation_options options_of(const char* scenario, std::uint64_t seed, int hours)
{
    simulation_options options;
    options.like = *find_scenario(scenario);
    options.seed = seed;
    options.start = parse_date_time("2026-06-01T00:00:00Z")->value;
    options.end = date_time(options.start.instant() + std::chrono::hours(hours));
    return options;
}

/// All writes until the end.
std::vector<outgoing_write> run(simulation& simulated)
{
    std::vector<outgoing_write> sent;
    for (auto next = simulated.next(); next; next = simulated.next()) {
        for (auto& each : simulated.advance(*next)) sent.push_back(std::move(each));
    }
    for (auto& each : simulated.flush(simulated.options().end)) sent.push_back(std::move(each));
    return sent;
}

std::string text_of(const std::vector<outgoing_write>& sent)
{
    std::string text;
    for (const auto& each : sent) {
        text += std::to_string(each.session) + (each.write.is_put ? " PUT " : " PATCH ") +
                each.write.body + '\n';
    }
    return text;
}

std::string member_of(const std::string& json, std::string_view name)
{
    const auto document = json::parse(json).value();
    const auto found = document.root().find(name);
    return found ? std::string(found->text()) : std::string();
}

}  // namespace

TEST_CASE("app/simulate/simulation: one seed makes the same writes, another one makes others")
{
    for (const auto& each : scenarios()) {
        CAPTURE(each.name);
        const auto name = std::string(each.name);
        auto options = options_of(name.c_str(), 42, 20);
        options.max_sessions = 40;
        simulation first(options);
        simulation second(options);
        const auto text = text_of(run(first));
        CHECK(text == text_of(run(second)));
        options.seed = 43;
        simulation other(options);
        CHECK(text != text_of(run(other)));
        CHECK(first.size() > 5);
    }
}

TEST_CASE("app/simulate/simulation: every scenario's Sessions are valid OCPI")
{
    for (const auto& each : scenarios()) {
        CAPTURE(each.name);
        auto options = options_of(std::string(each.name).c_str(), 7, 30);
        options.max_sessions = 60;
        simulation simulated(options);
        (void)run(simulated);
        for (std::size_t i = 0; i < simulated.size(); ++i) {
            const auto& session = simulated.session(i);
            const auto& id = session.id();
            CHECK(id.size() <= 36);
            const auto read = sessions::read_session(session.document(), sessions::body_kind::whole,
                                                     sessions::strictness::strict,
                                                     crud::object_key("ES", "ABC", id));
            CHECK_MESSAGE(read.has_value(), session.document());
        }
    }
}

TEST_CASE("app/simulate/simulation: a session is PENDING, then ACTIVE, then COMPLETED and paid")
{
    auto options = options_of("calm", 3, 48);
    options.max_sessions = 20;
    simulation simulated(options);
    std::map<std::size_t, std::vector<std::string>> statuses;
    for (const auto& each : run(simulated)) {
        auto status = member_of(each.write.body, "status");
        auto& of = statuses[each.session];
        if (of.empty() || of.back() != status) of.push_back(std::move(status));
        CHECK_FALSE(each.write.is_out_of_date);
    }
    CHECK(statuses.size() == 20);
    for (const auto& [index, seen] : statuses) {
        CHECK(seen == std::vector<std::string>{"\"PENDING\"", "\"ACTIVE\"", "\"COMPLETED\""});
        const auto document = simulated.session(index).document();
        CHECK(member_of(document, "total_cost").find("before_taxes") != std::string::npos);
        CHECK(document.find("Transaction.End") != std::string::npos);
        CHECK(simulated.session(index).energy_wh() > 0);
    }
}

TEST_CASE("app/simulate/simulation: the energy of a Session is that of its periods and its meter")
{
    auto options = options_of("rush-hour", 11, 48);
    options.max_sessions = 30;
    simulation simulated(options);
    (void)run(simulated);
    for (std::size_t i = 0; i < simulated.size(); ++i) {
        const auto document = json::parse(simulated.session(i).document()).value();
        decimal sum;
        const auto periods = document.root().find("charging_periods");
        for (const auto period : *periods) {
            const auto dimensions = period.find("dimensions");
            for (const auto dimension : *dimensions) {
                if (dimension.find_string("type") != "ENERGY") continue;
                sum = sum + *decimal::parse(dimension.find("volume")->text());
            }
        }
        const auto kwh = *decimal::parse(document.root().find("kwh")->text());
        CHECK(sum == kwh);
        std::vector<decimal> registers;
        const auto readings = document.root().find("meter_value");
        for (const auto reading : *readings) {
            const auto first = *reading.find("sampled_value")->begin();
            registers.push_back(*decimal::parse(first.find_string("value")));
        }
        CHECK(registers.back() - registers.front() == kwh * *decimal::parse("1000"));
    }
}

TEST_CASE("app/simulate/simulation: unruly sessions have every defect and every kind of delivery")
{
    auto options = options_of("unruly", 1, 24);
    simulation simulated(options);
    const auto sent = run(simulated);
    std::set<defect> flaws;
    std::set<delivery> manners;
    std::set<write_reason> reasons;
    for (std::size_t i = 0; i < simulated.size(); ++i) {
        flaws.insert(simulated.session(i).course().flaw);
        manners.insert(simulated.session(i).course().delivery);
    }
    for (const auto& each : sent) reasons.insert(each.write.reason);
    CHECK(flaws.size() == 7);
    CHECK(manners.size() == 5);
    CHECK(reasons.size() == 4);
}

TEST_CASE("app/simulate/simulation: the number of sessions ends a simulation before its end")
{
    auto options = options_of("calm", 5, 1000);
    options.max_sessions = 3;
    simulation simulated(options);
    (void)run(simulated);
    CHECK(simulated.size() == 3);
    for (std::size_t i = 0; i < 3; ++i) CHECK(simulated.session(i).status() == "COMPLETED");
}

TEST_CASE("app/simulate/simulation: at its end, sessions under way stay as they are")
{
    simulation simulated(options_of("calm", 5, 3));
    (void)run(simulated);
    std::size_t active = 0;
    for (std::size_t i = 0; i < simulated.size(); ++i) {
        if (simulated.session(i).status() == "ACTIVE") ++active;
    }
    CHECK(active > 0);
}

TEST_CASE("app/simulate/simulation: vehicles turn away where every charge point is taken")
{
    auto options = options_of("calm", 5, 10);
    options.like.charge_points = 1;
    simulation simulated(options);
    (void)run(simulated);
    CHECK(simulated.turned_away() > 0);
}

}  // namespace simulation_test
