#include "modules/pricing/engine.hpp"

#include "cost_fixture.hpp"

namespace engine_test {

using namespace ocpi;
using namespace ocpi::test;
using pricing::make_breakdown;
using pricing::priced_session;
using sessions::session_status;

namespace {

breakdown price(const priced_session& session, const tariff_list& tariffs)
{
    return make_breakdown(session, tariffs, time_zone());
}

/// One ENERGY component without steps.
tariffs::tariff_ptr energy_at(std::string_view price, std::string_view id = "T",
                              std::string_view more = "")
{
    return make_tariff(R"([{"price_components":[{"type":"ENERGY","price":)" + std::string(price) +
                           R"(,"vat":20,"step_size":0}]}])",
                       "NO", more, id);
}

const char* const fee_and_energy = R"([
    {"price_components": [{"type": "FLAT", "price": 0.5, "vat": 20, "step_size": 1},
                          {"type": "ENERGY", "price": 0.25, "vat": 10, "step_size": 1}]}])";

}  // namespace

TEST_CASE("modules/pricing/engine: each dimension takes the first element that has it and matches")
{
    const auto tariff = make_tariff(R"([
        {"price_components": [{"type": "TIME", "price": 6, "vat": 0, "step_size": 0}],
         "restrictions": {"start_time": "09:00", "end_time": "11:00"}},
        {"price_components": [{"type": "TIME", "price": 1, "vat": 0, "step_size": 0},
                              {"type": "ENERGY", "price": 0.2, "vat": 0, "step_size": 0}]},
        {"price_components": [{"type": "ENERGY", "price": 100, "vat": 0, "step_size": 0}]}])");
    const auto priced =
        price(session_of({period(monday(10), {{"TIME", "0.5"}, {"ENERGY", "10"}})}), {tariff});
    CHECK(totals(priced) == "5 / 5");
    REQUIRE(priced.periods.size() == 1);
    REQUIRE(priced.periods[0].items.size() == 2);
    CHECK(priced.periods[0].items[0].element == 1);
    CHECK(priced.periods[0].items[1].element == 0);
}

TEST_CASE("modules/pricing/engine: of two components of a type in one element the first counts")
{
    const auto tariff = make_tariff(R"([
        {"price_components": [{"type": "ENERGY", "price": 0.2, "vat": 0, "step_size": 0},
                              {"type": "ENERGY", "price": 0.9, "vat": 0, "step_size": 0}]}])");
    CHECK(totals(session_of({period(monday(10), {{"ENERGY", "10"}})}), {tariff}) == "2 / 2");
}

TEST_CASE("modules/pricing/engine: what no element prices is free, and its volume is told")
{
    const auto priced =
        price(session_of({period(monday(10), {{"ENERGY", "3"}, {"PARKING_TIME", "1"}})}),
              {energy_at("1")});
    CHECK(totals(priced) == "3 / 3.6");
    const auto& parking = priced.of(cost_dimension::parking_time);
    CHECK(to_text(parking.volume) == "1");
    CHECK(text(parking.billed_volume) == "0");
    CHECK(text(parking.before_taxes) == "0");
}

TEST_CASE("modules/pricing/engine: a tariff that never matches costs nothing, with a note")
{
    const auto tariff = make_tariff(R"([
        {"price_components": [{"type": "ENERGY", "price": 0.2, "step_size": 1}],
         "restrictions": {"min_kwh": 5, "max_kwh": 5}},
        {"price_components": [{"type": "ENERGY", "price": 0.2, "step_size": 1}],
         "restrictions": {"start_time": "08:00", "end_time": "08:00"}}])");
    const auto priced = price(session_of({period(monday(8), {{"ENERGY", "10"}})}), {tariff});
    CHECK(totals(priced) == "0 / 0");
    CHECK(has_note(priced, "no element of tariff T prices anything"));
}

TEST_CASE(
    "modules/pricing/engine: local time is that of the location, on the days of the shifts too")
{
    const auto tariff = make_tariff(R"([
        {"price_components": [{"type": "ENERGY", "price": 1, "vat": 0, "step_size": 0}],
         "restrictions": {"start_time": "02:00", "end_time": "03:00"}},
        {"price_components": [{"type": "ENERGY", "price": 10, "vat": 0, "step_size": 0}]}])");
    const auto zone = *time_zone::find("Europe/Madrid");
    const auto cost = [&](std::string_view start) {
        const auto priced = make_breakdown(session_of({period(instant(start), {{"ENERGY", "1"}})}),
                                           tariff_list{tariff}, zone);
        return text(priced.before_taxes);
    };
    CHECK(cost("2024-01-08T01:30:00Z") == "1");
    CHECK(cost("2024-01-08T02:00:00Z") == "10");
    // Spring: from 01:59:59 the clocks go to 03:00:00.
    CHECK(cost("2024-03-31T00:59:59Z") == "10");
    CHECK(cost("2024-03-31T01:00:00Z") == "10");
    // Autumn: there are two hours from 02:00 to 03:00.
    CHECK(cost("2024-10-27T00:00:00Z") == "1");
    CHECK(cost("2024-10-27T01:59:59Z") == "1");
    CHECK(cost("2024-10-27T02:00:00Z") == "10");
}

TEST_CASE("modules/pricing/engine: a session over a shift of the clocks sees both local times")
{
    const auto tariff = make_tariff(R"([
        {"price_components": [{"type": "TIME", "price": 1, "vat": 0, "step_size": 0}],
         "restrictions": {"start_time": "02:00", "end_time": "03:00"}}])");
    const auto zone = *time_zone::find("Europe/Madrid");
    const auto priced =
        make_breakdown(session_of({period(instant("2024-10-26T23:30:00Z"), {{"TIME", "0.5"}}),
                                   period(instant("2024-10-27T00:00:00Z"), {{"TIME", "1"}}),
                                   period(instant("2024-10-27T01:00:00Z"), {{"TIME", "1"}}),
                                   period(instant("2024-10-27T02:00:00Z"), {{"TIME", "1"}})}),
                       tariff_list{tariff}, zone);
    CHECK(text(priced.before_taxes) == "2");
}

TEST_CASE("modules/pricing/engine: energy so far counts every earlier period, priced or not")
{
    const auto tariff = make_tariff(R"([
        {"price_components": [{"type": "ENERGY", "price": 1, "vat": 0, "step_size": 0}],
         "restrictions": {"min_kwh": 5}}])");
    const auto priced = price(session_of({period(monday(10), {{"ENERGY", "4.9"}}),
                                          period(monday(11), {{"ENERGY", "0.1"}}),
                                          period(monday(12), {{"ENERGY", "2"}})}),
                              {tariff});
    CHECK(totals(priced) == "2 / 2");
    CHECK(to_text(priced.of(cost_dimension::energy).volume) == "7");
    CHECK(text(priced.of(cost_dimension::energy).billed_volume) == "2");
}

TEST_CASE(
    "modules/pricing/engine: durations count from the session's start, reserved before it or not")
{
    const auto tariff = make_tariff(R"([
        {"price_components": [{"type": "TIME", "price": 1, "vat": 0, "step_size": 0}],
         "restrictions": {"max_duration": 1800}},
        {"price_components": [{"type": "TIME", "price": 7, "vat": 0, "step_size": 0}],
         "restrictions": {"reservation": "RESERVATION", "max_duration": 0}}])");
    auto session = session_of({period(monday(9), {{"RESERVATION_TIME", "1"}}),
                               period(monday(10), {{"TIME", "0.5"}}),
                               period(monday(10, 30), {{"TIME", "1"}})});
    session.start = monday(10);
    CHECK(totals(session, {tariff}) == "7.5 / 7.5");
}

TEST_CASE("modules/pricing/engine: a fee is due once, by the first element that becomes active")
{
    const auto tariff = make_tariff(R"([
        {"price_components": [{"type": "FLAT", "price": 3, "vat": 0, "step_size": 1}],
         "restrictions": {"start_time": "11:00"}},
        {"price_components": [{"type": "FLAT", "price": 5, "vat": 0, "step_size": 1}],
         "restrictions": {"start_time": "12:00"}}])");
    const auto priced =
        price(session_of({period(monday(10), {{"TIME", "1"}}), period(monday(11), {{"TIME", "1"}}),
                          period(monday(12), {{"TIME", "1"}})}),
              {tariff});
    CHECK(totals(priced) == "3 / 3");
    CHECK(to_text(priced.of(cost_dimension::flat).volume) == "1");
}

TEST_CASE("modules/pricing/engine: fees of the reservation and of the charging are both due")
{
    const auto tariff = make_tariff(R"([
        {"price_components": [{"type": "FLAT", "price": 3, "vat": 0, "step_size": 1}],
         "restrictions": {"reservation": "RESERVATION"}},
        {"price_components": [{"type": "FLAT", "price": 5, "vat": 0, "step_size": 1}]}])");
    const auto reserved = period(monday(10), {{"RESERVATION_TIME", "1"}});
    CHECK(totals(session_of({reserved, period(monday(11), {{"ENERGY", "1"}})}), {tariff}) ==
          "8 / 8");
    // Not charging yet, and never.
    auto session = session_of({reserved});
    session.status = session_status::reservation;
    CHECK(totals(session, {tariff}) == "3 / 3");
    session.status = session_status::completed;
    CHECK(totals(session, {tariff}) == "3 / 3");
}

TEST_CASE(
    "modules/pricing/engine: a reservation is not priced by elements without one, nor the other "
    "way round")
{
    const auto tariff = make_tariff(R"([
        {"price_components": [{"type": "TIME", "price": 3, "vat": 0, "step_size": 0},
                              {"type": "ENERGY", "price": 9, "vat": 0, "step_size": 0},
                              {"type": "PARKING_TIME", "price": 9, "vat": 0, "step_size": 0}],
         "restrictions": {"reservation": "RESERVATION"}}])");
    const auto charging =
        period(monday(11), {{"ENERGY", "1"}, {"TIME", "1"}, {"PARKING_TIME", "1"}});
    CHECK(totals(session_of({charging}), {tariff}) == "0 / 0");
    const auto plain = make_tariff(
        R"([{"price_components": [{"type": "TIME", "price": 3, "vat": 0, "step_size": 0}]}])");
    CHECK(totals(session_of({period(monday(10), {{"RESERVATION_TIME", "1"}})}), {plain}) ==
          "0 / 0");
}

TEST_CASE(
    "modules/pricing/engine: a session with reservation time alone has expired once it is "
    "COMPLETED")
{
    const auto tariff = make_tariff(R"([
        {"price_components": [{"type": "FLAT", "price": 1, "vat": 0, "step_size": 1},
                              {"type": "TIME", "price": 2, "vat": 0, "step_size": 0}],
         "restrictions": {"reservation": "RESERVATION"}},
        {"price_components": [{"type": "FLAT", "price": 10, "vat": 0, "step_size": 1}],
         "restrictions": {"reservation": "RESERVATION_EXPIRES"}}])");
    auto session = session_of({period(monday(10), {{"RESERVATION_TIME", "0.5"}})});
    CHECK(totals(session, {tariff}) == "11 / 11");
    session.periods.push_back(period(monday(11), {{"ENERGY", "0"}, {"TIME", "0"}}));
    CHECK(totals(session, {tariff}) == "11 / 11");
    session.status = session_status::reservation;
    CHECK(totals(session, {tariff}) == "2 / 2");
    session.status = session_status::completed;
    session.periods.push_back(period(monday(11), {{"TIME", "0.1"}}));
    CHECK(totals(session, {tariff}) == "2 / 2");
}

TEST_CASE("modules/pricing/engine: a RESERVATION without periods owes the fee of its reservation")
{
    const auto tariff = make_tariff(R"([
        {"price_components": [{"type": "FLAT", "price": 2, "vat": 0, "step_size": 1}],
         "restrictions": {"reservation": "RESERVATION"}},
        {"price_components": [{"type": "FLAT", "price": 5, "vat": 0, "step_size": 1}]}])");
    auto session = session_of({});
    session.status = session_status::reservation;
    CHECK(totals(session, {tariff}) == "2 / 2");
    session.status = session_status::pending;
    CHECK(totals(session, {tariff}) == "5 / 5");
    session.start.reset();
    const auto priced = price(session, {tariff});
    CHECK(totals(priced) == "0 / 0");
    CHECK(has_note(priced, "neither a start nor periods"));
}

TEST_CASE("modules/pricing/engine: an INVALID session costs nothing, limits or not")
{
    auto session = session_of({period(monday(10), {{"ENERGY", "30"}})});
    session.status = session_status::invalid;
    const auto priced = price(
        session, {energy_at("1", "T", R"("min_price": {"before_taxes": 5, "after_taxes": 6},)")});
    CHECK(totals(priced) == "0 / 0");
    CHECK(to_text(priced.of(cost_dimension::energy).volume) == "30");
    CHECK(text(priced.of(cost_dimension::energy).billed_volume) == "0");
    CHECK(priced.currency == "EUR");
}

TEST_CASE(
    "modules/pricing/engine: periods that name no tariff take the only one or the session's own")
{
    const auto cheap = energy_at("1", "CHEAP");
    const auto fast = energy_at("10", "FAST");
    auto session = session_of(
        {period(monday(10), {{"ENERGY", "1"}}, "fast"), period(monday(11), {{"ENERGY", "1"}})});
    auto priced = price(session, {cheap, fast});
    CHECK(text(priced.before_taxes) == "10");
    CHECK(has_note(priced, "periods that name no tariff are not priced"));
    session.default_tariff_id = ci_string("cheap");
    CHECK(text(price(session, {cheap, fast}).before_taxes) == "11");
    session.default_tariff_id.reset();
    priced = price(session, {fast});
    CHECK(text(priced.before_taxes) == "20");
    priced = price(session, {cheap});
    CHECK(text(priced.before_taxes) == "1");
    CHECK(has_note(priced, "the tariff fast is unknown"));
}

TEST_CASE("modules/pricing/engine: without any tariff nothing is priced, with a note")
{
    const auto priced = price(session_of({period(monday(10), {{"ENERGY", "1"}})}), {});
    CHECK(totals(priced) == "0 / 0");
    CHECK(priced.currency == "EUR");
    CHECK(priced.tariffs.empty());
    CHECK(has_note(priced, "there is no tariff"));
}

TEST_CASE(
    "modules/pricing/engine: a fee is due once across tariffs, limits bind each tariff's part")
{
    const auto first =
        make_tariff(fee_and_energy, "NO", R"("max_price": {"before_taxes": 2},)", "A");
    const auto second = make_tariff(fee_and_energy, "NO", "", "B");
    const auto priced = price(session_of({period(monday(10), {{"ENERGY", "10"}}, "A"),
                                          period(monday(11), {{"ENERGY", "10"}}, "B")}),
                              {first, second});
    // 0.50 + 2.50 are limited to 2, to which 2.50 come.
    CHECK(text(priced.before_taxes) == "4.5");
    CHECK(text(priced.before_limits) == "5.5");
    CHECK(text(priced.of(cost_dimension::flat).before_taxes) == "0.5");
}

TEST_CASE(
    "modules/pricing/engine: of several tariffs only the last one's volumes are rounded to steps")
{
    const auto elements = R"([{"price_components": [
        {"type": "ENERGY", "price": 1, "vat": 0, "step_size": 1000}]}])";
    const auto priced =
        price(session_of({period(monday(10), {{"ENERGY", "1.2"}}, "A"),
                          period(monday(11), {{"ENERGY", "1.3"}}, "B")}),
              {make_tariff(elements, "NO", "", "A"), make_tariff(elements, "NO", "", "B")});
    CHECK(text(priced.before_taxes) == "3.2");
    CHECK(text(priced.of(cost_dimension::energy).billed_volume) == "3.2");
}

TEST_CASE("modules/pricing/engine: amounts in another currency are left out, with a note")
{
    const auto euros = energy_at("1", "A");
    const auto crowns = read_tariff(R"({"country_code":"DE","party_id":"OUR","currency":"SEK",
        "id":"B","tax_included":"NO","last_updated":"2024-01-01T00:00:00Z","elements":[
        {"price_components":[{"type":"ENERGY","price":10,"vat":20,"step_size":0}]}]})");
    auto session = session_of(
        {period(monday(10), {{"ENERGY", "1"}}, "B"), period(monday(11), {{"ENERGY", "1"}}, "A")});
    auto priced = price(session, {euros, crowns});
    CHECK(totals(priced) == "1 / 1.2");
    CHECK(priced.currency == "EUR");
    CHECK(has_note(priced, "the tariff B is in SEK"));
    session.currency = "NOK";
    priced = price(session, {euros, crowns});
    CHECK(totals(priced) == "10 / 12");
    CHECK(priced.currency == "SEK");
    CHECK(has_note(priced, "the session's currency is NOK, that of its tariff is SEK"));
}

TEST_CASE("modules/pricing/engine: ENERGY_IMPORT is energy where no ENERGY was sent")
{
    const auto tariff = energy_at("1");
    CHECK(totals(session_of({period(monday(10), {{"ENERGY_IMPORT", "2"}})}), {tariff}) ==
          "2 / 2.4");
    CHECK(totals(session_of({period(monday(10), {{"ENERGY_IMPORT", "2"}, {"ENERGY", "1"}})}),
                 {tariff}) == "1 / 1.2");
}

TEST_CASE(
    "modules/pricing/engine: energy fed into the grid is credited, exports beside it are not "
    "priced")
{
    const auto tariff = make_tariff(R"([{"price_components": [
        {"type": "ENERGY", "price": 1, "vat": 20, "step_size": 1000}]}])");
    auto priced = price(session_of({period(monday(10), {{"ENERGY", "3"}, {"ENERGY_EXPORT", "1"}}),
                                    period(monday(11), {{"ENERGY", "-1.5"}})}),
                        {tariff});
    CHECK(totals(priced) == "2 / 2.4");  // 1.5 kWh in steps of 1
    CHECK(to_text(priced.of(cost_dimension::energy).volume) == "1.5");
    CHECK(has_note(priced, "fed into the grid"));
    CHECK(has_note(priced, "ENERGY_EXPORT is not priced"));
    priced = price(session_of({period(monday(10), {{"ENERGY", "-1.5"}})}), {tariff});
    CHECK(totals(priced) == "-1.5 / -1.8");
}

TEST_CASE(
    "modules/pricing/engine: unknown types are ignored with a note, known ones without a price are "
    "not")
{
    const auto priced = price(
        session_of(
            {period(monday(10), {{"ENERGY", "1"}, {"STATE_OF_CHARGE", "50"}, {"COFFEE", "2"}})}),
        {energy_at("1")});
    CHECK(totals(priced) == "1 / 1.2");
    REQUIRE(priced.notes.size() == 1);
    CHECK(has_note(priced, "COFFEE"));
}

TEST_CASE(
    "modules/pricing/engine: a volume that nothing can be reckoned with leaves the total unknown")
{
    for (const char* volume : {"1e999999", "-1e999999", "1e-999999"}) {
        for (const char* type : {"ENERGY", "TIME", "ENERGY_IMPORT", "MAX_POWER"}) {
            const auto priced =
                price(session_of({period(monday(10), {{"ENERGY", "1"}, {type, volume}}),
                                  period(monday(11), {{"ENERGY", "2"}})}),
                      {energy_at("1")});
            CHECK(priced.periods[0].tariff == nullptr);
            CHECK(priced.periods[1].tariff != nullptr);
            CHECK(totals(priced) == "unknown / unknown");
            CHECK(has_note(priced, "too large or too fine"));
        }
    }
    CHECK(totals(session_of({period(monday(10), {{"ENERGY", "1"}})}), {energy_at("1e95")}) ==
          "unknown / unknown");
    const auto priced =
        price(session_of({period(monday(10), {{"ENERGY", "1"}, {"STATE_OF_CHARGE", "1e999"}})}),
              {energy_at("1")});
    CHECK(totals(priced) == "1 / 1.2");
    CHECK(priced.notes.empty());
}

TEST_CASE("modules/pricing/engine: a rate that nothing can be reckoned with counts as not sent")
{
    const auto tariff = make_tariff(R"([
        {"price_components": [{"type": "ENERGY", "price": 2, "vat": 1e9999, "step_size": 0},
                              {"type": "TIME", "price": 0, "vat": 20, "step_size": 0}]}])");
    const auto priced = price(session_of({period(monday(10), {{"ENERGY", "1"}})}), {tariff});
    CHECK(totals(priced) == "2 / 2");
    CHECK(has_note(priced, "a vat of tariff T"));
}

TEST_CASE("modules/pricing/engine: a time below 0 counts as not sent")
{
    const auto tariff = make_tariff(
        R"([{"price_components": [{"type": "TIME", "price": 3, "vat": 0, "step_size": 0}]}])");
    const auto priced = price(
        session_of({period(monday(10), {{"TIME", "-1"}}), period(monday(11), {{"TIME", "1"}})}),
        {tariff});
    CHECK(totals(priced) == "3 / 3");
    CHECK(has_note(priced, "TIME below 0"));
}

TEST_CASE(
    "modules/pricing/engine: periods are priced in order of time, whatever order they come in")
{
    const auto tariff = make_tariff(R"([
        {"price_components": [{"type": "ENERGY", "price": 1, "vat": 0, "step_size": 1000}],
         "restrictions": {"max_kwh": 2}},
        {"price_components": [{"type": "ENERGY", "price": 10, "vat": 0, "step_size": 1000}]}])");
    auto session = session_of(
        {period(monday(11), {{"ENERGY", "1.5"}}), period(monday(10), {{"ENERGY", "2"}})});
    session.start = monday(10);
    const auto priced = price(session, {tariff});
    CHECK(totals(priced) == "22 / 22");
    CHECK(has_note(priced, "sorted"));
}

TEST_CASE(
    "modules/pricing/engine: an element restricted by what was not sent is taken to apply, with a "
    "note")
{
    const auto tariff = make_tariff(R"([
        {"price_components": [{"type": "ENERGY", "price": 1, "vat": 0, "step_size": 0}],
         "restrictions": {"max_power": 11}},
        {"price_components": [{"type": "ENERGY", "price": 10, "vat": 0, "step_size": 0}]}])");
    auto session = session_of({period(monday(10), {{"ENERGY", "40"}})});
    CHECK(totals(session, {tariff}) == "400 / 400");  // 20 kW over two hours
    session.end.reset();
    const auto priced = price(session, {tariff});
    CHECK(totals(priced) == "40 / 40");
    CHECK(has_note(priced, "element 0 of tariff T"));
}

TEST_CASE("modules/pricing/engine: a session that was ACTIVE costs the same once it is COMPLETED")
{
    const auto tariff = make_tariff(R"([{"price_components": [
        {"type": "FLAT", "price": 1, "vat": 20, "step_size": 1},
        {"type": "TIME", "price": 3, "vat": 20, "step_size": 900}]}])");
    auto session = session_of({period(monday(10), {{"TIME", "0.4"}})});
    session.status = session_status::active;
    const auto running = totals(session, {tariff});
    session.status = session_status::completed;
    CHECK(running == totals(session, {tariff}));
}

TEST_CASE("modules/pricing/engine: what would take too long to search is not priced, with a note")
{
    std::string elements = "[";
    for (int i = 0; i < 999; ++i) {
        elements += R"({"price_components":[{"type":"TIME","price":1,"vat":0,"step_size":0}]},)";
    }
    elements += R"({"price_components":[{"type":"ENERGY","price":0.1,"vat":0,"step_size":0}]}])";
    std::vector<sessions::charging_period> periods(1300, period(monday(10), {{"ENERGY", "1"}}));
    const auto priced = price(session_of(std::move(periods)), {make_tariff(elements)});
    // 2,000 elements and components for a fee and again for energy in each period, 5 million in
    // all.
    CHECK(totals(priced) == "125.1 / 125.1");
    CHECK(priced.periods[1250].tariff);
    CHECK_FALSE(priced.periods[1251].tariff);
    CHECK(priced.of(cost_dimension::energy).volume == number("1300"));
    CHECK(has_note(priced, "too many periods"));
}

}  // namespace engine_test
