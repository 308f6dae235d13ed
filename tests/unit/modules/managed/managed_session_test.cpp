#include "modules/managed/managed_session.hpp"

#include "tests/support/managed_text.hpp"

#include <doctest/doctest.h>

#include <random>
#include <string>

namespace managed_session_test {

using namespace ocpi;
using namespace ocpi::managed;
using namespace ocpi::managed_test;

namespace {

/// With every member set.
managed_session full()
{
    auto session = begun();
    session.rule.location.evse_uid = ci_string("E1");
    begin_override(session.targets, immediate_start("70.5"), moment("10:05"));
    begin_override(session.targets, by_user("90", "18:00"), moment("10:10"));
    end_override(session.targets, moment("10:20:30"));
    session.targets[1].battery_reserve = number("12.5");
    session.planned = {
        {block_type::battery_reserve, moment("10:00"), moment("10:30"), rational(5)},
        {block_type::regular, moment("12:00"), moment("12:10"), rational(5, 4)},
        {block_type::immediate_start, moment("13:00"), moment("14:00"), rational(10)}};
    session.planned_since = moment("10:00:30");
    session.planned_at = moment("10:20:30");
    estimate made;
    made.target_id = 4;
    made.type = target_type::immediate_start;
    made.is_on_target = false;
    made.level_at_ready_by = rational(81, 2);
    made.reached_at = moment("14:00");
    session.estimate = made;
    session.session_revision = 9'007'199'254'740'993;
    session.preferences_seen = R"({"profile_type":"FAST","x":[1]})";
    control_request asked;
    asked.target_id = 4;
    asked.departure_time = moment("16:00");
    asked.preferences = R"({"profile_type":"CHEAP"})";
    session.requests.push_back(asked);
    asked.departure_time.reset();
    asked.is_answered = true;
    session.requests.push_back(asked);
    session.preferences_unsupported = true;
    session.is_settled = true;
    return session;
}

bool is_damaged(const std::string& text)
{
    const auto read = read_managed_session(text);
    return read.has_error() && read.error().code() == errc::storage;
}

}  // namespace

TEST_CASE("modules/managed/managed_session: what is written is read again, with every member")
{
    const auto written = write_managed_session(full());
    const auto read = read_managed_session(written);
    REQUIRE(read.has_value());
    CHECK(write_managed_session(*read) == written);
    CHECK(read->rule.id == "P1");
    CHECK(read->rule.location.evse_uid == ci_string("E1"));
    CHECK(read->targets == full().targets);
    CHECK(read->planned == full().planned);
    CHECK(read->planned_since == moment("10:00:30"));
    CHECK(read->planned_at == moment("10:20:30"));
    REQUIRE(read->estimate);
    CHECK(read->estimate->target_id == 4);
    CHECK(read->estimate->type == target_type::immediate_start);
    CHECK_FALSE(read->estimate->is_on_target);
    CHECK(read->estimate->level_at_ready_by == rational(81, 2));
    CHECK(read->estimate->reached_at == moment("14:00"));
    CHECK(read->session_revision == 9'007'199'254'740'993);
    CHECK(read->preferences_seen == R"({"profile_type":"FAST","x":[1]})");
    REQUIRE(read->requests.size() == 2);
    CHECK(read->requests[0].target_id == 4);
    CHECK(read->requests[0].departure_time == moment("16:00"));
    CHECK(read->requests[0].preferences == R"({"profile_type":"CHEAP"})");
    CHECK_FALSE(read->requests[0].is_answered);
    CHECK_FALSE(read->requests[1].departure_time);
    CHECK(read->requests[1].is_answered);
    CHECK(read->preferences_unsupported);
    CHECK(read->is_settled);
}

TEST_CASE("modules/managed/managed_session: what is not there stays so")
{
    managed_session bare;
    bare.rule = policy_for();
    const auto read = read_managed_session(write_managed_session(bare));
    REQUIRE(read.has_value());
    CHECK(read->targets.empty());
    CHECK(read->planned.empty());
    CHECK_FALSE(read->planned_since);
    CHECK_FALSE(read->planned_at);
    CHECK_FALSE(read->estimate);
    CHECK(read->requests.empty());
    CHECK(read->preferences_seen.empty());
    CHECK_FALSE(read->preferences_unsupported);
    CHECK_FALSE(read->is_settled);

    auto judged = bare;
    judged.estimate.emplace();
    judged.requests.emplace_back();
    judged.requests.back().preferences = "{}";
    const auto again = read_managed_session(write_managed_session(judged));
    REQUIRE(again.has_value());
    CHECK_FALSE(again->estimate->reached_at);
    REQUIRE(again->requests.size() == 1);
    CHECK_FALSE(again->requests[0].departure_time);
}

TEST_CASE("modules/managed/managed_session: a log of targets goes there and back by itself")
{
    const auto log = full().targets;
    const auto document = json::parse(write_target_log(log));
    REQUIRE(document.has_value());
    const auto read = read_target_log(document->root());
    REQUIRE(read.has_value());
    CHECK(*read == log);
}

TEST_CASE("modules/managed/managed_session: a damaged record is an error of the store")
{
    CHECK(is_damaged(""));
    CHECK(is_damaged("7"));
    CHECK(is_damaged("{}"));
    CHECK(is_damaged("[]"));
    const auto written = write_managed_session(full());
    const auto with = [&](const std::string& good, const std::string& bad) {
        auto text = written;
        const auto place = text.find(good);
        REQUIRE_MESSAGE(place != std::string::npos, good);
        return text.replace(place, good.size(), bad);
    };
    CHECK(is_damaged(with(R"("policyId":)", R"("policy_id":)")));
    CHECK(is_damaged(with(R"("targets":)", R"("t":)")));
    CHECK(is_damaged(with(R"("since":"2024)", R"("since":"x2024)")));
    CHECK(is_damaged(with(R"("id":1,)", R"("id":"one",)")));
    CHECK(is_damaged(with(R"("id":1,)", R"("id":99999999999999999999,)")));
    CHECK(is_damaged(with(R"("BATTERY_RESERVE")", R"("RESERVE")")));
    CHECK(is_damaged(with(R"("kwh":5)", R"("kwh":1e999999)")));
    CHECK(is_damaged(with(R"("kwh":5)", R"("kwh":"five")")));
    CHECK(is_damaged(with(R"("plannedAt":"2024)", R"("plannedAt":"24)")));
    CHECK(is_damaged(with(R"("isSettled")", R"("isSettlet")")));
}

TEST_CASE("modules/managed/managed_session: no cut or changed byte of a record does any harm")
{
    const auto written = write_managed_session(full());
    for (std::size_t size = 0; size < written.size(); size += 7) {
        CHECK(is_damaged(written.substr(0, size)));
    }
    const auto seed = std::random_device()();
    CAPTURE(seed);
    std::mt19937 random(seed);
    for (int round = 0; round < 500; ++round) {
        auto text = written;
        text[random() % text.size()] = static_cast<char>(' ' + random() % 95);
        CAPTURE(text);
        const auto read = read_managed_session(text);
        if (read.has_error()) {
            CHECK(read.error().code() == errc::storage);
        } else {
            CHECK(read_managed_session(write_managed_session(*read)).has_value());
        }
    }
}

TEST_CASE("modules/managed/managed_session: a session keeps its own contract of a policy's many")
{
    auto rule = policy_for();
    for (int i = 0; i < 100; ++i) rule.contract_ids.emplace_back("C" + std::to_string(i));
    rule.contract_ids.emplace_back("de-emp-c1");
    const auto own = rule_for(rule, seen({}).fields);
    REQUIRE(own.contract_ids.size() == 1);
    CHECK(own.contract_ids[0].str() == "DE-EMP-C1");
    CHECK(own.schedule.size() == rule.schedule.size());
    // Of which contract it is, nobody has said.
    CHECK(rule_for(rule, sessions::session()).contract_ids == rule.contract_ids);
}

}  // namespace managed_session_test
