#include "modules/managed/price_changes.hpp"

#include "crud/memory/memory_crud.hpp"
#include "modules/managed/managed_session_service.hpp"
#include "modules/sessions/codec.hpp"
#include "tests/support/run_awaitable.hpp"
#include "tests/support/session_text.hpp"
#include "tests/support/written_at.hpp"

#include <doctest/doctest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

#include <memory>
#include <string>

namespace price_changes_test {

using namespace ocpi;
using namespace ocpi::sessions;
using namespace ocpi::managed;
using test::run_awaitable;

namespace {

date_time instant(const char* text)
{
    return parse_date_time(text)->value;
}

/// One cheap hour, which can be moved.
class movable_prices final : public energy_prices {
public:
    date_time cheap_from;

    boost::asio::awaitable<result<price_curve>> prices_for(sessions::session, profile_type,
                                                           time_zone) override
    {
        price_curve curve = [from = cheap_from](date_time slot) {
            const auto into = slot.instant() - from.instant();
            const bool is_cheap = into >= std::chrono::hours(0) && into < std::chrono::hours(1);
            return is_cheap ? rational(1) : rational(2);
        };
        co_return curve;
    }
};

}  // namespace

TEST_CASE("modules/managed/price_changes: a session lacks what its CPO has changed since")
{
    price_changes changes;
    const crud::object_key ours("ES", "ABC", "S1");
    const crud::object_key other("ES", "XYZ", "S1");
    CHECK(changes.latest() == 0);
    changes.add(party("es", "abc"), instant("2026-06-01T10:00:00Z"));
    const auto first = changes.lacking(ours);
    REQUIRE(first);
    CHECK(first->at == instant("2026-06-01T10:00:00Z"));
    CHECK_FALSE(changes.lacking(other));
    changes.add(party("ES", "ABC"), instant("2026-06-01T10:00:00Z"));
    // The prices had changed again by then.
    changes.note_planned(ours, *first);
    const auto second = changes.lacking(ours);
    REQUIRE(second);
    changes.note_planned(ours, *second);
    CHECK_FALSE(changes.lacking(ours));
    CHECK(changes.lacking(crud::object_key("ES", "ABC", "S2")));
    changes.note_all_planned(first->number);
    CHECK(changes.latest() == second->number);
    changes.note_all_planned(second->number);
    CHECK(changes.latest() == 0);
    CHECK_FALSE(changes.lacking(crud::object_key("ES", "ABC", "S2")));
}

TEST_CASE("modules/managed/price_changes: plans of sessions under way are made anew meanwhile")
{
    const auto crud = std::make_shared<crud::memory_crud>();
    const auto time = std::make_shared<adjustable_clock>();
    const auto prices = std::make_shared<movable_prices>();
    time->set(instant("2026-06-01T10:00:00Z"));
    prices->cheap_from = instant("2026-06-01T12:00:00Z");
    service_dependencies parts;
    parts.crud = crud;
    parts.time = time;
    parts.prices = prices;
    const auto manager = std::make_shared<managed_session_service>(std::move(parts));
    session_store sessions(crud, change_listeners{manager});

    policy rule;
    rule.id = "p";
    rule.location.country_code = ci_string("ES");
    rule.location.party_id = ci_string("ABC");
    rule.location.location_id = ci_string("LOC1");
    rule.contract_ids.emplace_back("C1");
    rule.vehicle.battery_capacity_kwh = *decimal::parse("40");
    rule.vehicle.max_power_kw = *decimal::parse("10");
    schedule_entry entry;
    entry.weekdays.fill(true);
    entry.ready_by = std::chrono::hours(20);
    entry.minimum_charge_target = *decimal::parse("75");
    rule.schedule.push_back(entry);
    REQUIRE(run_awaitable(manager->create_policy(rule)).has_value());

    const auto text = test::session_text(
        {{"start_date_time", R"("2026-06-01T10:00:00Z")"},
         {"kwh", "0"},
         {"soc_start", "50"},
         {"status", R"("ACTIVE")"},
         {"location_id", R"("LOC1")"},
         {"cdr_token",
          R"({"country_code":"NL","party_id":"TNM","uid":"U","type":"RFID","contract_id":"C1"})"},
         {"last_updated", R"("2026-06-01T10:00:00Z")"}});
    const crud::object_key key("ES", "ABC", "S1");
    const auto sent = read_session(text, body_kind::whole, strictness::strict, key);
    REQUIRE(sent.has_value());
    REQUIRE(run_awaitable(sessions.put(crud::interface_side::sender, key, *sent, strictness::strict,
                                       test::written_at))
                .has_value());

    boost::asio::io_context context;
    manager->start(context.get_executor());
    const auto planned_start = [&] {
        context.restart();
        context.poll();
        managed_store records(crud);
        const auto record = run_awaitable(records.find(key));
        REQUIRE(record.has_value());
        REQUIRE(*record);
        REQUIRE((*record)->session.planned.size() == 1);
        return to_string((*record)->session.planned.front().start);
    };
    CHECK(planned_start() == "2026-06-01T12:00:00Z");
    prices->cheap_from = instant("2026-06-01T15:00:00Z");
    manager->on_price_change(party("ES", "XYZ"));
    CHECK(planned_start() == "2026-06-01T12:00:00Z");
    manager->on_price_change(party("es", "abc"));
    CHECK(planned_start() == "2026-06-01T15:00:00Z");
    // It waits for what goes on upon the context.
    boost::asio::co_spawn(context, manager->stop(), boost::asio::detached);
    context.restart();
    context.run();
}

}  // namespace price_changes_test
