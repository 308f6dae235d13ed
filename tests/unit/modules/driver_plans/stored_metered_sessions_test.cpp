#include "modules/driver_plans/stored_metered_sessions.hpp"

#include "crud/memory/memory_crud.hpp"
#include "modules/sessions/session_record.hpp"
#include "ocpi/base/rational.hpp"
#include "ocpi/protocol/contract_id.hpp"
#include "tests/support/run_awaitable.hpp"
#include "tests/support/session_text.hpp"
#include "tests/unit/modules/pricing/plan_samples.hpp"

#include <doctest/doctest.h>

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace stored_metered_sessions_test {

using namespace ocpi;
using namespace ocpi::driver_plans;
using test::instant_at;
using test::member;
using test::run_awaitable;
using test::session_text;

namespace {

/// `FROM-TO KWH` of each event, from HH:MM to HH:MM.
std::string events(const std::string& json)
{
    std::string text;
    for (const auto& event : metering_events(json)) {
        if (!text.empty()) text += ", ";
        text += to_string(event.from).substr(11, 5) + '-' + to_string(event.to).substr(11, 5) +
                ' ' + to_text(to_decimal(event.kwh));
    }
    return text;
}

member periods(const std::string& list)
{
    return {"charging_periods", "[" + list + "]"};
}

std::string period(const std::string& start, const std::string& kwh)
{
    return R"({"start_date_time":"2024-01-01T)" + start +
           R"(:00Z","dimensions":[{"type":"ENERGY","volume":)" + kwh + "}]}";
}

const member two_periods = periods(period("10:00", "1") + "," + period("10:30", "3"));
const member until_eleven{"end_date_time", R"("2024-01-01T11:00:00Z")"};
const member completed{"status", R"("COMPLETED")"};

}  // namespace

TEST_CASE("modules/driver_plans/stored_metered_sessions: one event wherever the power changes")
{
    CHECK(events(session_text({{"kwh", "4"}, two_periods, completed, until_eleven})) ==
          "10:00-10:30 1, 10:30-11:00 3");
    CHECK(events(session_text({{"kwh", "8"}, two_periods, completed, until_eleven})) ==
          "10:00-10:30 2, 10:30-11:00 6");
    CHECK(events(session_text({{"kwh", "0"}, completed, until_eleven})).empty());
}

TEST_CASE(
    "modules/driver_plans/stored_metered_sessions: a live session counts up to its last_updated")
{
    CHECK(events(session_text({{"kwh", "6"},
                               {"status", R"("ACTIVE")"},
                               {"last_updated", R"("2024-01-01T10:45:00Z")"}})) == "10:00-10:45 6");
    // Its clock is behind: all at once.
    CHECK(events(session_text({{"kwh", "6"},
                               {"status", R"("ACTIVE")"},
                               {"last_updated", R"("2024-01-01T09:00:00Z")"}})) == "10:00-10:00 6");
}

TEST_CASE(
    "modules/driver_plans/stored_metered_sessions: nothing is later than 31 days after "
    "last_updated")
{
    CHECK(events(session_text({{"kwh", "754"},
                               completed,
                               {"end_date_time", R"("2024-02-01T20:00:00Z")"},
                               {"last_updated", R"("2024-01-01T10:00:00Z")"}})) ==
          "10:00-10:00 744, 10:00-10:00 10");
    CHECK(events(session_text({{"kwh", "4"},
                               two_periods,
                               completed,
                               until_eleven,
                               {"last_updated", R"("2023-12-01T10:45:00Z")"}})) ==
          "10:00-10:30 1, 10:30-10:45 1.5, 10:45-10:45 1.5");
    const auto early = metering_events(session_text(
        {{"kwh", "4"}, completed, until_eleven, {"last_updated", R"("2023-11-01T00:00:00Z")"}}));
    REQUIRE(early.size() == 1);
    CHECK(early[0].from == instant_at("2023-12-02T00:00:00Z"));
    CHECK(early[0].to == early[0].from);
    CHECK(early[0].kwh == 4);
}

TEST_CASE(
    "modules/driver_plans/stored_metered_sessions: what does not count, or cannot, has no events")
{
    CHECK(events(session_text({{"status", R"("INVALID")"}})).empty());
    CHECK(events("no JSON").empty());
    CHECK(events("[]").empty());
    CHECK(events("{}").empty());
    CHECK(events(session_text({{"kwh", "1e999999"}, completed})).empty());
    CHECK(events(session_text({{"kwh", "-5"}, completed})).empty());
    const auto odd = events(session_text({{"kwh", "1e150"},
                                          periods(period("10:00", "1e-150")),
                                          completed,
                                          {"end_date_time", R"("0001-01-01T00:00:00Z")"}}));
    CHECK(odd == "10:00-10:00 1" + std::string(150, '0'));
}

namespace {

constexpr auto side = crud::interface_side::sender;

/// The plan of the contract C1, and the sessions that are stored.
struct stored_sessions {
    std::shared_ptr<crud::memory_crud> crud = std::make_shared<crud::memory_crud>();
    driver_plan_ledger ledger{std::make_shared<stored_metered_sessions>(crud)};
    std::shared_ptr<stored_driver_plan> plan = std::make_shared<stored_driver_plan>();

    explicit stored_sessions(const std::vector<std::string>& tiers)
    {
        plan->plan = test::make_plan(tiers);
        plan->plan.contract_ids.emplace_back("c1");
        plan->revision = 1;
    }

    static crud::document document(const std::string& id, const std::string& contract,
                                   const std::string& kwh, const std::string& start,
                                   const std::string& end, const std::string& last_updated)
    {
        const auto quoted = [](const std::string& text) { return '"' + text + '"'; };
        const auto json = session_text({{"id", quoted(id)},
                                        {"kwh", kwh},
                                        completed,
                                        {"start_date_time", quoted(start)},
                                        {"end_date_time", quoted(end)},
                                        {"last_updated", quoted(last_updated)}});
        crud::document made(crud::object_key("ES", "ABC", id), json, instant_at(last_updated),
                            std::nullopt);
        sessions::set_index_values(made, contract_key(ci_string(contract)), {}, {}, std::nullopt);
        return made;
    }

    static crud::document new_year(const std::string& id, const std::string& contract)
    {
        return document(id, contract, "4", "2024-01-01T10:00:00Z", "2024-01-01T11:00:00Z",
                        "2024-01-01T12:00:00Z");
    }

    crud::revision create(const crud::document& made)
    {
        const auto created = run_awaitable(crud->create("sessions", side, made));
        REQUIRE(created.has_value());
        return *created;
    }

    std::string amount(const char* id, const char* begin = "2024-01-01T10:00:00Z")
    {
        const auto key = ledger_key(crud::object_key("ES", "ABC", id));
        const auto price = run_awaitable(ledger.price(plan, key, instant_at(begin)));
        REQUIRE(price.has_value());
        return *price ? to_text(to_decimal(*(*price)->amount)) : std::string("none");
    }
};

}  // namespace

TEST_CASE(
    "modules/driver_plans/stored_metered_sessions: a session that changes contracts leaves its "
    "plan")
{
    stored_sessions stored({"4 0", "- 1"});
    const auto first = stored.create(stored_sessions::new_year("S1", "C1"));
    stored.create(stored_sessions::new_year("S2", "C1"));
    CHECK(stored.amount("S2") == "2");
    const auto changed = stored_sessions::new_year("S1", "C2");
    REQUIRE(run_awaitable(stored.crud->update("sessions", side, changed, first)).has_value());
    CHECK(stored.amount("S2") == "0");
    CHECK(stored.amount("S1") == "none");
}

TEST_CASE(
    "modules/driver_plans/stored_metered_sessions: no price depends on what was asked for before")
{
    stored_sessions stored({"107 0", "- 1"});
    // 107 kWh of it flow in February, though nothing was heard of it since January.
    stored.create(stored_sessions::document("S1", "C1", "384", "2024-01-20T10:00:00Z",
                                            "2024-02-05T10:00:00Z", "2024-01-25T10:00:00Z"));
    stored.create(stored_sessions::document("S2", "C1", "4", "2024-02-10T10:00:00Z",
                                            "2024-02-10T11:00:00Z", "2024-02-10T11:00:00Z"));
    CHECK(stored.amount("S2", "2024-02-10T10:00:00Z") == "4");
    CHECK(stored.amount("S1", "2024-01-20T10:00:00Z") == "170");
    CHECK(stored.amount("S2", "2024-02-10T10:00:00Z") == "4");
}

TEST_CASE(
    "modules/driver_plans/stored_metered_sessions: no page has many sessions, none is left out")
{
    stored_sessions stored({"- 1"});
    for (int i = 0; i < 60; ++i) {
        stored.create(stored_sessions::new_year("S" + std::to_string(i), "C1"));
    }
    stored_metered_sessions sessions(stored.crud);
    metered_query query;
    query.contracts = stored.plan->plan.contract_ids;
    std::vector<std::size_t> pages;
    bool is_last = false;
    while (!is_last) {
        const auto page = run_awaitable(sessions.list(query)).value();
        pages.push_back(page.sessions.size());
        REQUIRE_FALSE(page.sessions.empty());
        query.changed_after = page.sessions.back().revision;
        is_last = page.is_last_page;
    }
    CHECK(pages == std::vector<std::size_t>{25, 25, 10});
}

}  // namespace stored_metered_sessions_test
