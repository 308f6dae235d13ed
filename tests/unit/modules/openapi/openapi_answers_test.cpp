// The document against the server: every operation is walked through all its answers.

#include "modules/pricing/session_cost.hpp"
#include "modules/sessions/session_data.hpp"
#include "modules/status/status_statistics.hpp"
#include "modules/status/status_view.hpp"
#include "tests/support/meter_text.hpp"
#include "tests/support/session_text.hpp"
#include "tests/unit/modules/openapi/documented_api.hpp"

#include <doctest/doctest.h>

#include <set>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

namespace openapi_answers_test {

using namespace ocpi;
using namespace ocpi::openapi::fixtures;
using ocpi::test::at;
using ocpi::test::list_of;
using ocpi::test::member;
using ocpi::test::registers;
using ocpi::test::sampled;

namespace {

constexpr const char* driver = documented_api::driver_token;
constexpr const char* nobody = "00000000-0000-5000-8000-000000000000";

/// A policy for a contract at a location: 80 % by eight in the morning, Madrid's time.
std::string policy_text(const std::string& contract, const std::string& location = "L1",
                        const std::string& more = {})
{
    return R"({"timezone":"Europe/Madrid","location":{"countryCode":"ES","partyId":"ABC",)"
           R"("locationId":")" +
           location + '"' + more + R"(},"contractIds":[")" + contract +
           R"("],"vehicle":{"batteryCapacityKwh":50,"maxPowerKw":11},"batteryReserve":20,)"
           R"("schedule":[{"weekdays":["MONDAY","TUESDAY","WEDNESDAY","THURSDAY","FRIDAY"],)"
           R"("readyBy":"08:00","minimumChargeTarget":80},)"
           R"({"weekdays":["SATURDAY","SUNDAY"],"readyBy":"10:30","minimumChargeTarget":60.5}]})";
}

std::string plan_text(const std::string& contract)
{
    return R"({"currency":"EUR","timezone":"Europe/Madrid","billingPeriod":"MONTH","tiers":[)"
           R"({"upToKwh":100,"pricePerKwh":0},{"pricePerKwh":0.40}],"contractIds":[")" +
           contract + R"("]})";
}

/// Of that contract.
std::string token_of(const std::string& contract)
{
    return R"({"country_code":"DE","party_id":"EMP","uid":"U1","type":"RFID","contract_id":")" +
           contract + "\"}";
}

std::string text_in(const http::response& answer, std::initializer_list<const char*> path)
{
    const auto parsed = json::parse(answer.body);
    REQUIRE(parsed.has_value());
    auto found = parsed->root();
    for (const char* name : path) {
        const auto member = found.find(name);
        REQUIRE_MESSAGE(member, name, " is missing in ", answer.body);
        found = *member;
    }
    return std::string(found.is(json::kind::string) ? found.string() : found.text());
}

/// Session S of a contract: plugged in at ten, at half past ten it has delivered nothing.
struct walked_session {
    documented_api& api;
    std::string name;
    std::string contract;
    std::vector<member> members{};
    std::string id{};

    walked_session(documented_api& on, const std::string& number)
        : api(on), name("S" + number), contract("C" + number)
    {
    }

    /// At that time, with members changed for good.
    void put(const std::string& time_of_day, std::initializer_list<member> changes)
    {
        api.set_time(time_of_day);
        if (members.empty()) {
            members = {{"id", '"' + name + '"'}, {"cdr_token", token_of(contract)}, {"kwh", "0"}};
        }
        members.emplace_back("last_updated", at(time_of_day));
        members.insert(members.end(), changes.begin(), changes.end());
        auto text = ocpi::test::session_text();
        // Later changes replace earlier ones.
        std::vector<member> whole;
        const auto parsed = json::parse(text);
        for (const auto each : parsed->root()) whole.emplace_back(each.name(), each.text());
        for (const auto& change : members) {
            std::erase_if(whole, [&](const member& each) { return each.first == change.first; });
            if (!change.second.empty()) whole.push_back(change);
        }
        id = api.put_session(name, ocpi::test::write_object(whole));
    }

    http::response view(const std::string& below = {}) const
    {
        return api.ask("GET /v1/sessions/" + id + below);
    }
};

std::string make_policy(documented_api& api, const std::string& text)
{
    const auto created = api.ask("POST /v1/policies", text);
    REQUIRE(created.status == 201);
    return text_in(created, {"id"});
}

std::string state_of(const http::response& view)
{
    return text_in(view, {"state"});
}

std::string error_of(const http::response& view)
{
    return text_in(view, {"error", "latest"}) == "null"
               ? ""
               : text_in(view, {"error", "latest", "type"});
}

std::set<std::string> split(const std::string& list)
{
    std::set<std::string> parts;
    std::istringstream rest(list);
    for (std::string each; rest >> each;) parts.insert(each.substr(0, each.find(',')));
    return parts;
}

/// Those that the document describes, and HEAD where there is GET.
std::set<std::string> methods_of(const std::string& path)
{
    std::set<std::string> methods;
    for (const auto& each : described_operations()) {
        if (each.path == path) methods.insert(each.method);
    }
    if (methods.contains("GET")) methods.insert("HEAD");
    return methods;
}

/// Asks every operation for what is not there, without a token, as a partner, and by a method
/// that it does not have.
void walk_refusals(documented_api& api)
{
    for (const auto& each : described_operations()) {
        auto path = each.path;
        if (const auto name = path.find("{id}"); name != path.npos) path.replace(name, 4, nobody);
        const auto asked = each.method + ' ' + path;
        CAPTURE(asked);
        CHECK(api.ask(asked, {}, "").status == 401);
        CHECK(api.ask(asked, {}, documented_api::partner_token).status == 404);
        CHECK(api.ask(asked, {}, "unknown").status == 401);
        const auto refused = api.ask("BREW " + path);
        REQUIRE_MESSAGE(refused.status == 405, "the server does not have this path");
        CHECK(split(*refused.headers.find("Allow")) == methods_of(each.path));
        const bool is_creation = each.method == "PUT" && path.find("override") == path.npos;
        if (path != each.path && !is_creation) CHECK(api.ask(asked).status == 404);
    }
    CHECK(api.ask("GET /v1/nothing").status == 404);
}

void walk_plans(documented_api& api)
{
    CHECK(api.ask("GET /v1/plans").status == 200);
    CHECK(api.ask("GET /v1/plans?pageSize=0").status == 400);
    CHECK(api.ask("PUT /v1/plans/home", plan_text("C1")).status == 201);
    CHECK(api.ask("PUT /v1/plans/home", api.ask("GET /v1/plans/home").body).status == 200);
    CHECK(api.ask("PUT /v1/plans/other", plan_text("C1")).status == 409);
    CHECK(api.ask("PUT /v1/plans/other", plan_text("C2")).status == 201);
    CHECK(api.ask("PUT /v1/plans/other", "{}").status == 422);
    CHECK(api.ask("PUT /v1/plans/other", "{").status == 400);
    CHECK(api.ask("GET /v1/plans").status == 200);
    for (const char* who : {documented_api::operator_token, driver}) {
        CHECK(api.ask("GET /v1/plans", {}, who).status == 200);
        CHECK(api.ask("GET /v1/plans/home", {}, who).status == 200);
    }
    for (const char* method : {"PUT", "DELETE"}) {
        const std::string write = method;
        CHECK(api.ask(write + " /v1/plans/home", {}, driver).status == 405);
        CHECK(api.ask(write + " /v1/plans/other", {}, driver).status == 404);
    }
    CHECK(api.ask("DELETE /v1/plans/home").status == 204);
    CHECK(api.ask("DELETE /v1/plans/home").status == 404);
}

void walk_policies(documented_api& api)
{
    const auto first = make_policy(api, policy_text("C1"));
    make_policy(api, policy_text("X1", "L1", R"(,"evseUid":"E1")"));
    make_policy(api, policy_text("X2"));
    CHECK(api.ask("POST /v1/policies", "{}").status == 422);
    CHECK(api.ask("POST /v1/policies", "[").status == 400);
    CHECK(api.ask("POST /v1/policies", policy_text("C1"), driver).status == 405);

    CHECK(api.ask("GET /v1/policies", {}, driver).status == 200);
    const auto page = api.ask("GET /v1/policies?pageSize=1");
    const auto next = text_in(page, {"pagination", "after"});
    const auto middle = api.ask("GET /v1/policies?pageSize=1&after=" + next);
    const auto before = text_in(middle, {"pagination", "before"});
    CHECK(api.ask("GET /v1/policies?before=" + before).body.find(first) != std::string::npos);
    CHECK(api.ask("GET /v1/policies?pageSize=0").status == 400);

    const auto one = "/v1/policies/" + first;
    const std::string own = "/v1/policies/0b2f8a36-5f0c-4a37-9c58-8f2f6f4fd3a1";
    CHECK(api.ask("GET " + one).body == api.ask("GET " + one, {}, driver).body);
    CHECK(api.ask("PUT " + one, api.ask("GET " + one).body).status == 200);
    CHECK(api.ask("PUT " + own, policy_text("X3")).status == 201);
    CHECK(api.ask("PUT " + own, "{}").status == 422);
    CHECK(api.ask("PUT " + own, "").status == 400);
    CHECK(api.ask("PUT /v1/policies/mine", policy_text("X3")).status == 404);
    CHECK(api.ask("PUT " + one, policy_text("C1"), driver).status == 405);
    CHECK(api.ask("DELETE " + one, {}, driver).status == 405);
    CHECK(api.ask("DELETE " + own, {}).status == 204);
}

void walk_overrides(documented_api& api)
{
    api.set_time("10:00");
    const auto policy = "/v1/policies/" + make_policy(api, policy_text("X4"));
    const auto current = "GET " + policy + "/session";
    const auto change = "PUT " + policy + "/override";
    CHECK(state_of(api.ask(current)) == "UPCOMING");
    const std::string later = R"({"type":"REGULAR","minimumChargeTarget":90,)"
                              R"("readyBy":"2024-01-01T20:00:00+01:00"})";
    CHECK(text_in(api.ask(change, later), {"source"}) == "USER_OVERRIDE");
    CHECK(state_of(api.ask(current)) == "UPCOMING");
    CHECK(api.ask(change, R"({"type":"IMMEDIATE_START","minimumChargeTarget":0.5})").status == 200);
    CHECK(api.ask(current).status == 200);
    CHECK(api.ask(change, R"({"type":"REGULAR","minimumChargeTarget":1})").status == 422);
    CHECK(api.ask(change, "no").status == 400);
    CHECK(api.ask("DELETE " + policy + "/override").status == 204);
}

/// A session from plug-in to the end, with what was planned and what the user wanted.
void walk_managed_session(documented_api& api)
{
    walked_session session(api, "1");
    session.put("09:55", {{"status", R"("PENDING")"}});
    CHECK(state_of(session.view()) == "UPCOMING");
    session.put("10:00", {{"status", R"("ACTIVE")"},
                          {"soc_start", "19"},
                          {"meter_value", registers({{"10:00", "0"}})}});
    const auto policies = api.ask("GET /v1/policies", {}, driver);
    const auto list = json::parse(policies.body);
    const std::string policy((*list->root().find("data")->begin()).find("id")->string());
    const auto change = "PUT /v1/policies/" + policy + "/override";
    CHECK(state_of(session.view()) == "ACTIVE:BATTERY_RESERVE");
    CHECK(state_of(api.ask("GET /v1/policies/" + policy + "/session")) == "ACTIVE:BATTERY_RESERVE");
    CHECK(text_in(session.view(), {"outcome", "latest", "state"}) == "ON_TARGET");

    session.put("10:15",
                {{"meter_value", registers({{"10:00", "0"}, {"10:15", "2.75"}})}, {"kwh", "2.75"}});
    CHECK(state_of(session.view()) == "ACTIVE:REGULAR");
    CHECK(api.ask(change, R"({"type":"REGULAR","minimumChargeTarget":100,)"
                          R"("readyBy":"2024-01-01T11:00:00Z"})")
              .status == 200);
    CHECK(text_in(session.view(), {"outcome", "latest", "state"}) == "OFF_TARGET");
    CHECK(api.ask(change, R"({"type":"IMMEDIATE_START","minimumChargeTarget":30})").status == 200);
    CHECK(state_of(session.view()) == "ACTIVE:IMMEDIATE_START");
    CHECK(text_in(session.view("/status"), {"liveKw"}) == "11");
    CHECK(api.ask("DELETE /v1/policies/" + policy + "/override").status == 204);
    CHECK(api.ask("GET /v1/policies/" + policy + "/session").status == 200);

    session.put("10:30", {{"status", R"("COMPLETED")"}, {"end_date_time", at("10:30")}});
    CHECK(state_of(session.view()) == "ACTIVE:REGULAR");
    CHECK(text_in(session.view("/status"), {"status"}) == "IN_PROGRESS");
    session.put("10:40",
                {{"meter_value", list_of({ocpi::test::kwh_register("10:00", "0"),
                                          ocpi::test::kwh_register("10:15", "2.75"),
                                          sampled("10:30", R"("value":"5","unit":"kWh",)"
                                                           R"("context":"Transaction.End")")})},
                 {"kwh", "5"}});
    CHECK(state_of(session.view()) == "SETTLED");
    CHECK(text_in(session.view("/status"), {"status"}) == "COMPLETED");
    CHECK(state_of(api.ask("GET /v1/policies/" + policy + "/session")) == "UPCOMING");
}

/// What may be wrong with the control of a session.
void walk_errors(documented_api& api)
{
    for (const char* contract : {"C2", "C3"}) make_policy(api, policy_text(contract));
    const auto incapable = make_policy(api, policy_text("C4", "L2"));

    walked_session starting(api, "2");
    starting.put("10:00", {{"soc_start", "50"}, {"meter_value", registers({{"10:00", "0"}})}});
    starting.put("10:15", {{"meter_value", registers({{"10:00", "0"}, {"10:15", "0"}})}});
    CHECK(error_of(starting.view()) == "START_FAIL");
    CHECK(text_in(starting.view(), {"outcome", "latest", "minimumChargeTargetReachedAt"}) ==
          "null");
    const auto policy = text_in(starting.view(), {"policyId"});
    CHECK(api.ask("PUT /v1/policies/" + policy + "/override",
                  R"({"type":"IMMEDIATE_START","minimumChargeTarget":90})")
              .status == 200);
    CHECK(text_in(starting.view(), {"outcome", "latest", "type"}) == "IMMEDIATE_START");
    CHECK(text_in(starting.view(), {"outcome", "latest", "minimumChargeTargetReachedAt"}) ==
          "null");

    walked_session going_on(api, "3");
    going_on.put("10:00", {{"soc_start", "90"}, {"meter_value", registers({{"10:00", "0"}})}});
    going_on.put("10:15",
                 {{"meter_value", registers({{"10:00", "0"}, {"10:15", "2"}})}, {"kwh", "2"}});
    CHECK(error_of(going_on.view()) == "STOP_FAIL");

    walked_session silent(api, "4");
    silent.put("10:00", {{"location_id", R"("L2")"}});
    CHECK(error_of(silent.view()).empty());
    api.set_time("10:15");
    CHECK(error_of(silent.view()) == "MISSING_CAPABILITIES");
    CHECK(text_in(silent.view(), {"error", "latest", "missingCapabilities"}) ==
          R"(["STATE_OF_CHARGE","METER_VALUES","CHARGING_PREFERENCES_CAPABLE"])");
    CHECK(text_in(silent.view(), {"outcome", "latest"}) == "null");
    CHECK(api.ask("GET /v1/policies/" + incapable + "/session").status == 200);
}

/// Sessions that no policy manages.
void walk_unmanaged_sessions(documented_api& api)
{
    for (const char* number : {"10", "11", "12"}) {
        walked_session settled(api, number);
        settled.put("11:00", {{"status", R"("COMPLETED")"},
                              {"end_date_time", at("10:" + std::string(number))},
                              {"kwh", "-1"},
                              {"soc_start", "120"}});
        CHECK(text_in(settled.view(), {"policyId"}) == "null");
        CHECK(settled.view().body.find("\"notes\"") != std::string::npos);
        CHECK(settled.view("/status").status == 200);
        CHECK(settled.view("/cost").status == 200);
    }
    walked_session live(api, "13");
    live.put("10:00", {});
    CHECK(live.view("/cost").status == 200);
    CHECK(live.view().status == 404);
    CHECK(text_in(live.view("/status"), {"stale"}) == "false");
    api.set_time("10:30");
    CHECK(text_in(live.view("/status"), {"stale"}) == "true");
    walked_session reserved(api, "14");
    reserved.put("10:00", {{"status", R"("RESERVATION")"}});
    CHECK(text_in(reserved.view("/status"), {"status"}) == "PENDING");
    reserved.put("10:10", {{"status", R"("INVALID")"}});
    CHECK(text_in(reserved.view("/status"), {"status"}) == "INVALID");
    CHECK(reserved.view().status == 404);
}

void walk_settled_list(documented_api& api)
{
    CHECK(api.ask("GET /v1/sessions").status == 200);
    CHECK(api.ask("GET /v1/sessions", {}, driver).status == 200);
    const auto page = api.ask("GET /v1/sessions?pageSize=1");
    const auto next = text_in(page, {"pagination", "after"});
    const auto second = api.ask("GET /v1/sessions?pageSize=1&after=" + next);
    const auto before = text_in(second, {"pagination", "before"});
    CHECK(api.ask("GET /v1/sessions?before=" + before).status == 200);
    for (const char* query : {"after=a&before=b", "pageSize=101", "pageSize=x", "after="}) {
        CHECK(api.ask("GET /v1/sessions?" + std::string(query)).status == 400);
    }
}

void walk_events(documented_api& api)
{
    walked_session session(api, "15");
    session.put("10:00", {});
    const auto one = "GET /v1/sessions/" + session.id + "/events";
    auto of_one = api.ask(one);
    auto of_all = api.ask("GET /v1/events", {}, documented_api::operator_token, "0");
    CHECK(of_one.status == 200);
    CHECK(of_all.status == 200);
    api.next_event(of_one);
    for (int i = 0; i < 3; ++i) api.next_event(of_all);
    session.put("10:05", {{"kwh", "1"}});
    CHECK(api.next_event(of_one).find(R"("kwh":1,)") != std::string::npos);
    CHECK(api.ask(one, {}, documented_api::operator_token, "x").status == 400);
    CHECK(api.ask("GET /v1/events", {}, driver, "x").status == 400);
}

void walk_development_clock(documented_api& api)
{
    const std::string clock = "PUT /v1/dev/clock";
    CHECK(text_in(api.ask(clock, R"({"now":"2024-01-01T12:00:00Z"})"), {"now"}) ==
          "2024-01-01T12:00:00Z");
    CHECK(api.ask(clock, R"({"now":null})").status == 200);
    CHECK(api.ask(clock, R"({"now":1})").status == 422);
    CHECK(api.ask(clock, "{").status == 400);
    CHECK(api.ask(clock, R"({"now":null})", driver).status == 404);
}

/// Lists, their sums and their tables, of the sessions of the walks before.
void walk_lists_of_statuses(documented_api& api)
{
    const auto page = api.ask("GET /v1/statuses?pageSize=1");
    const auto next = text_in(page, {"pagination", "after"});
    const auto second = api.ask("GET /v1/statuses?pageSize=1&after=" + next);
    const auto before = text_in(second, {"pagination", "before"});
    CHECK(api.ask("GET /v1/statuses?before=" + before).status == 200);
    CHECK(api.ask("GET /v1/statuses?from=2024-01-01&to=2024-01-01&timezone=Europe/Madrid&q=s1", {},
                  driver)
              .status == 200);
    for (const char* state : {"all", "live", "completed", "pending", "invalid", "attention"}) {
        CHECK(api.ask("GET /v1/statuses?state=" + std::string(state)).status == 200);
    }
    for (const char* path : {"statuses", "statistics", "sessions.csv"}) {
        const auto asked = "GET /v1/" + std::string(path);
        CHECK(api.ask(asked).status == 200);
        CHECK(api.ask(asked + "?state=some").status == 400);
    }
    CHECK(api.ask("GET /v1/me").status == 200);
    CHECK(api.ask("GET /v1/me", {}, driver).body ==
          R"({"kind":"driver","name":"driver-token","contracts":["C1"],"roles":[],)"
          R"("profile":"strict"})");
}

/// What is known of a session over time, from all sources, managed and not.
void walk_timelines(documented_api& api)
{
    walked_session session(api, "16");
    make_policy(api, policy_text("C16"));
    session.put("09:50", {{"status", R"("PENDING")"}});
    CHECK(session.view("/timeline").body.find(R"("timeseries":[],)") != std::string::npos);
    session.put("10:00", {{"status", R"("ACTIVE")"}, {"soc_start", "19"}});
    const auto powers =
        list_of({ocpi::test::kwh_register("10:00", "0"), ocpi::test::kwh_register("10:20", "3"),
                 sampled("10:10", R"("value":"9","unit":"kW","measurand":"Power.Active.Import")"),
                 sampled("10:20", R"("value":"25","measurand":"SoC")")});
    session.put("10:30",
                {{"kwh", "4"},
                 {"meter_value", powers},
                 {"charging_periods", R"([{"start_date_time":"2024-01-01T10:05:00Z","dimensions":)"
                                      R"([{"type":"STATE_OF_CHARGE","volume":20}]}])"}});
    CHECK(session.view("/timeline").body.find("ESTIMATED") != std::string::npos);
    CHECK(session.view("/timeline.csv").status == 200);
    CHECK(session.view("/ocpi").body.find(R"("cdr_token")") != std::string::npos);
    session.put("10:40", {{"soc_end", "30"},
                          {"status", R"("COMPLETED")"},
                          {"end_date_time", at("10:40")},
                          {"meter_value", ""}});
    CHECK(session.view("/timeline").body.find("SOC_END") != std::string::npos);
    const auto managed = api.ask("GET /v1/sessions?pageSize=100");
    const auto settled = json::parse(managed.body);
    const auto listed = settled->root().find("data");
    for (const auto each : *listed) {
        const auto id = std::string(each.find("id")->string());
        CHECK(api.ask("GET /v1/sessions/" + id + "/timeline").status == 200);
    }
}

/// What no session above comes to: costs of every coverage, and parts that cannot be told.
void walk_status_writer(documented_api& api)
{
    const auto expect = [&](const char* session, std::optional<status::shown_cost> cost) {
        const auto parsed = json::parse(session);
        status::shown_ids ids;
        ids.id = "6f0c2a50-93c5-5f0e-8a3c-0c8f3f6f1f11";
        const auto view = status::make_status_view(sessions::parse_stored(*parsed), date_time(),
                                                   std::move(ids), std::move(cost));
        const auto problems =
            api.checker.check(write_json(view), "#/components/schemas/SessionStatus");
        for (const auto& problem : problems) FAIL_CHECK(problem);
        const auto listed = status::make_listed_status(sessions::parse_stored(*parsed), date_time(),
                                                       view, std::nullopt);
        for (const auto& problem :
             api.checker.check(write_json(listed), "#/components/schemas/ListedStatus")) {
            FAIL_CHECK(problem);
        }
    };
    status::shown_cost cost;
    cost.coverage = "unknown";
    expect("{}", cost);
    cost.amount = decimal::parse("4.20");
    cost.currency = "EUR";
    for (const char* coverage : {"billed", "included"}) {
        cost.coverage = coverage;
        expect(R"({"evse_uid":"E1"})", cost);
    }
    expect(R"({"location_id":"L1","connector_id":"1"})", {});
}

void walk_statistics_writer(documented_api& api)
{
    status::session_statistics statistics;
    const auto expect = [&] {
        const auto problems =
            api.checker.check(write_json(statistics), "#/components/schemas/SessionStatistics");
        for (const auto& problem : problems) FAIL_CHECK(problem);
    };
    expect();
    auto& totals = statistics.totals.emplace();
    for (const char* currency : {"", "EUR"}) totals.costs[currency] = *decimal::parse("4.20");
    statistics.notes.emplace_back("a note");
    expect();
}

/// Under a plan of two tiers, with energy in both and beyond them.
pricing::cost_by_plan make_cost_by_plan()
{
    const auto stored = std::make_shared<driver_plans::stored_driver_plan>();
    stored->plan.id = "home";
    stored->plan.currency = "EUR";
    stored->plan.tiers.emplace_back(decimal::parse("100"), *decimal::parse("0.25"));
    stored->plan.tiers.emplace_back(std::nullopt, *decimal::parse("0.30"));
    pricing::cost_by_plan by;
    by.plan = stored;
    for (std::size_t tier = 0; tier < 3; ++tier) {
        driver_plans::plan_price_part part;
        part.tier = tier;
        part.kwh = 1;
        if (tier < 2) part.price_per_kwh = rational(1, 4);
        by.price.parts.push_back(std::move(part));
    }
    by.price.amount = rational(1, 2);
    return by;
}

void walk_cost_writer(documented_api& api)
{
    using pricing::cost_origin;
    pricing::session_cost cost;
    const auto expect = [&] {
        const auto text = pricing::write_session_cost("6f0c2a50-93c5-5f0e-8a3c-0c8f3f6f1f11", cost);
        const auto problems = api.checker.check(text, "#/components/schemas/SessionCost");
        for (const auto& problem : problems) FAIL_CHECK(problem);
    };
    auto& by_tariffs = cost.by_tariffs;
    by_tariffs.currency = "EUR";
    for (const char* percentage : {"10", ""}) {
        by_tariffs.taxes.emplace_back();
        by_tariffs.taxes.back().name = "VAT";
        by_tariffs.taxes.back().percentage = decimal::parse(percentage);
    }
    by_tariffs.notes.emplace_back("a note");
    cost.shown.coverage = "billed";
    cost.shown.amount = decimal::parse("4.20");
    cost.shown.currency = "EUR";
    for (const auto origin : {cost_origin::tariff, cost_origin::total_cost}) {
        cost.origin = origin;
        expect();
    }
    auto& with_cpo = cost.with_cpo.emplace();
    with_cpo.explanation = "a sentence";
    expect();
    with_cpo.after_taxes = decimal::parse("4.20");
    with_cpo.difference_before_taxes = 1;
    with_cpo.difference_after_taxes = 1;
    with_cpo.likely_component = "TIME";
    expect();
    cost.origin = cost_origin::plan;
    cost.shown.coverage = "included";
    cost.by_plan = make_cost_by_plan();
    expect();
    cost.by_plan->price.amount.reset();
    cost.shown = {};
    cost.shown.coverage = "unknown";
    by_tariffs.currency.clear();
    by_tariffs.before_taxes.reset();
    by_tariffs.after_taxes.reset();
    by_tariffs.dimensions.front().before_taxes.reset();
    expect();
    cost.origin = cost_origin::none;
    cost.by_plan.reset();
    expect();
}

/// Every operation and status that is described, and every alternative of the schemas.
void check_all_was_met(documented_api& api)
{
    for (const auto& each : described_operations()) {
        for (const auto status : api.checker.at(each.place + "/responses")) {
            if (status.name() == "default") continue;
            const auto answer = each.name() + ' ' + std::string(status.name());
            CHECK_MESSAGE(api.answered.contains(answer), "never answered: ", answer);
        }
    }
    for (const auto schema : api.checker.at("#/components/schemas")) {
        const auto place = "#/components/schemas/" + std::string(schema.name());
        for (const auto& alternative : api.checker.alternatives(place)) {
            CHECK_MESSAGE(api.checker.met().contains(alternative), "never met: ", alternative);
        }
    }
}

}  // namespace

TEST_CASE(
    "modules/openapi/openapi_answers: the server answers what the document says, in every form "
    "that it describes")
{
    documented_api api;
    walk_refusals(api);
    walk_plans(api);
    walk_policies(api);
    walk_overrides(api);
    walk_managed_session(api);
    walk_errors(api);
    walk_unmanaged_sessions(api);
    walk_settled_list(api);
    walk_timelines(api);
    walk_lists_of_statuses(api);
    walk_events(api);
    walk_status_writer(api);
    walk_statistics_writer(api);
    walk_cost_writer(api);
    CHECK(api.ask("GET /v1/openapi.json", {}, driver).status == 200);
    walk_development_clock(api);
    check_all_was_met(api);
}

}  // namespace openapi_answers_test
