#include "modules/pricing/overlooked_changes.hpp"

#include "cost_fixture.hpp"

namespace overlooked_changes_test {

using namespace ocpi;
using namespace ocpi::test;
using pricing::make_breakdown;

namespace {

constexpr auto end_of_note = ": the whole period is priced by its start";

/// An element that prices ENERGY and TIME.
std::string element(const char* price, const std::string& restrictions = "")
{
    const std::string components =
        R"({"price_components": [{"type": "ENERGY", "price": )" + std::string(price) +
        R"(, "step_size": 1}, {"type": "TIME", "price": )" + price + R"(, "step_size": 1}])";
    return components +
           (restrictions.empty() ? "" : R"(, "restrictions": {)" + restrictions + "}") + "}";
}

/// One that restricts the first, and one for all else.
tariffs::tariff_ptr restricted(const std::string& restrictions)
{
    return make_tariff("[" + element("7", restrictions) + "," + element("3") + "]");
}

/// `PERIOD ELEMENT becomes active at MOMENT` for each change; `;` between them.
std::string changes(const breakdown& priced)
{
    std::string found;
    for (const auto& note : priced.notes) {
        const auto end = note.find(end_of_note);
        if (!note.starts_with("in period ") || end == std::string::npos) continue;
        found += (found.empty() ? "" : "; ") + note.substr(10, end - 10);
    }
    return found;
}

std::string changes(const pricing::priced_session& session, const tariffs::tariff_ptr& tariff,
                    const char* zone = "UTC")
{
    return changes(make_breakdown(session, tariff_list{tariff}, *time_zone::find(zone)));
}

/// From 10:00 to 14:00 on a Monday, or from another hour on.
pricing::priced_session four_hours(int from = 10, const char* kwh = "20")
{
    auto session = session_of({period(monday(from), {{"ENERGY", kwh}, {"TIME", "4"}})});
    session.end = monday(from + 4);
    return session;
}

}  // namespace

TEST_CASE(
    "modules/pricing/overlooked_changes: a time of day within a period is named, by local clocks")
{
    const auto noon = restricted(R"("start_time": "12:00", "end_time": "20:00")");
    CHECK(changes(four_hours(), noon) ==
          "1 element 0 of tariff T becomes active at 2024-01-08 12:00");
    CHECK(changes(four_hours(17), noon) ==
          "1 element 1 of tariff T becomes active at 2024-01-08 20:00");
    CHECK(changes(four_hours(9), noon, "Europe/Madrid") ==
          "1 element 0 of tariff T becomes active at 2024-01-08 12:00");
    // The period is as long as the price.
    CHECK(changes(four_hours(12), noon).empty());
    CHECK(changes(four_hours(8), noon).empty());
}

TEST_CASE("modules/pricing/overlooked_changes: days and dates begin at local midnight")
{
    CHECK(changes(four_hours(22), restricted(R"("day_of_week": ["TUESDAY"])")) ==
          "1 element 0 of tariff T becomes active at 2024-01-09 00:00");
    CHECK(changes(four_hours(22), restricted(R"("start_date": "2024-01-09")")) ==
          "1 element 0 of tariff T becomes active at 2024-01-09 00:00");
    CHECK(changes(four_hours(22), restricted(R"("end_date": "2024-01-09")")) ==
          "1 element 1 of tariff T becomes active at 2024-01-09 00:00");
    CHECK(changes(four_hours(22), restricted(R"("day_of_week": ["WEDNESDAY"])")).empty());
    CHECK(changes(four_hours(21), restricted(R"("day_of_week": ["TUESDAY"])"), "Europe/Madrid") ==
          "1 element 0 of tariff T becomes active at 2024-01-09 00:00");
}

TEST_CASE("modules/pricing/overlooked_changes: a duration counts from the start of the session")
{
    const auto three_hours = restricted(R"("min_duration": 10800)");
    CHECK(changes(four_hours(), three_hours) ==
          "1 element 0 of tariff T becomes active at 2024-01-08 13:00 (3 h after the start of the "
          "session)");
    CHECK(changes(four_hours(), restricted(R"("max_duration": 1000)")) ==
          "1 element 1 of tariff T becomes active at 2024-01-08 10:16:40 (1000 s after the start "
          "of the session)");
    CHECK(changes(four_hours(), restricted(R"("min_duration": 14400)")).empty());
    auto reserved = four_hours();
    reserved.start = monday(9);
    CHECK(changes(reserved, three_hours).find("12:00 (3 h") != std::string::npos);
}

TEST_CASE("modules/pricing/overlooked_changes: energy is taken to flow evenly within a period")
{
    CHECK(changes(four_hours(), restricted(R"("min_kwh": 5)")) ==
          "1 element 0 of tariff T becomes active at 5 kWh of the session");
    CHECK(changes(four_hours(), restricted(R"("max_kwh": 5.5)")) ==
          "1 element 1 of tariff T becomes active at 5.5 kWh of the session");
    CHECK(changes(four_hours(), restricted(R"("min_kwh": 20)")).empty());
    // Beside other bounds it decides which comes first: 15 kWh are reached at 13:00.
    const auto both = R"("min_kwh": 15, "start_time": )" + std::string(R"("12:30")");
    CHECK(changes(four_hours(), restricted(both)) ==
          "1 element 0 of tariff T becomes active at 15 kWh of the session");
    const auto later = R"("min_kwh": 15, "start_time": )" + std::string(R"("13:30")");
    CHECK(changes(four_hours(), restricted(later)) ==
          "1 element 0 of tariff T becomes active at 2024-01-08 13:30");
    CHECK(changes(four_hours(10, "-20"), restricted(R"("max_kwh": 5)")).empty());
}

TEST_CASE(
    "modules/pricing/overlooked_changes: periods count from 1 on in order of time, each by itself")
{
    const auto noon = restricted(R"("start_time": "12:00", "end_time": "12:15")");
    auto session =
        session_of({period(monday(13), {{"ENERGY", "1"}}), period(monday(11), {{"ENERGY", "1"}}),
                    period(monday(10), {{"ENERGY", "1"}})});
    session.start = monday(10);
    session.end = monday(14);
    CHECK(changes(session, noon) == "2 element 0 of tariff T becomes active at 2024-01-08 12:00");
    const auto growing = restricted(R"("min_kwh": 1.5)");
    CHECK(changes(session, growing) ==
          "2 element 0 of tariff T becomes active at 1.5 kWh of the session");
}

TEST_CASE("modules/pricing/overlooked_changes: a price that only ends is named too")
{
    const auto tariff = make_tariff("[" + element("7", R"("max_duration": 3600)") + "]");
    CHECK(changes(four_hours(), tariff) ==
          "1 element 0 of tariff T ceases to be active at 2024-01-08 11:00 (1 h after the start of "
          "the session)");
}

TEST_CASE("modules/pricing/overlooked_changes: what changes no price is not named")
{
    const auto noon = std::string(R"("start_time": "12:00")");
    CHECK(changes(four_hours(), make_tariff("[" + element("3", noon) + "," + element("3") + "]"))
              .empty());
    CHECK(changes(four_hours(), make_tariff("[" + element("3") + "," + element("7", noon) + "]"))
              .empty());
    // A dimension that the period has none of.
    const auto parking = make_tariff(R"([{"price_components": [
        {"type": "PARKING_TIME", "price": 3, "step_size": 1}],
        "restrictions": {"start_time": "12:00"}}])");
    CHECK(changes(four_hours(), parking).empty());
    // A power that the period is above all along.
    const auto slow = restricted(noon + R"(, "max_power": 4)");
    CHECK(changes(four_hours(), slow).empty());
}

TEST_CASE(
    "modules/pricing/overlooked_changes: a fee that begins within a period is named while it is "
    "due")
{
    const auto late_fee = [](const std::string& first) {
        return make_tariff("[" + first +
                           R"({"price_components": [{"type": "FLAT", "price": 1, "step_size": 1}],
                          "restrictions": {"start_time": "12:00"}}])");
    };
    CHECK(changes(four_hours(), late_fee("")) ==
          "1 element 0 of tariff T becomes active at 2024-01-08 12:00");
    CHECK(changes(four_hours(),
                  late_fee(R"({"price_components": [{"type": "FLAT", "price": 2, "step_size": 1}],
                          "restrictions": {"end_time": "11:00"}},)"))
              .empty());
}

TEST_CASE("modules/pricing/overlooked_changes: a reservation has changes of its own")
{
    const auto tariff = make_tariff(
        "[" + element("2", R"("reservation": "RESERVATION", "max_duration": 1800)") + "," +
        element("9", R"("reservation": "RESERVATION")") + "," + element("3") + "]");
    auto session = session_of(
        {period(monday(10), {{"RESERVATION_TIME", "1"}}), period(monday(11), {{"ENERGY", "1"}})});
    CHECK(changes(session, tariff) ==
          "1 element 1 of tariff T becomes active at 2024-01-08 10:30 (0.5 h after the start of "
          "the session)");
}

TEST_CASE(
    "modules/pricing/overlooked_changes: the last period of a running session lasts as long as it "
    "tells")
{
    auto session = four_hours();
    session.end.reset();
    session.status = sessions::session_status::active;
    CHECK(changes(session, restricted(R"("min_duration": 10800)")).find("13:00") !=
          std::string::npos);
    CHECK(changes(session, restricted(R"("min_duration": 14400)")).empty());
    // Where it tells none, energy alone can be judged.
    session.periods[0].dimensions.pop_back();
    CHECK(changes(session, restricted(R"("min_duration": 10800)")).empty());
    CHECK(changes(session, restricted(R"("min_kwh": 5)")).find("at 5 kWh") != std::string::npos);
}

TEST_CASE("modules/pricing/overlooked_changes: clocks that are set back or forward are followed")
{
    // In Madrid 03:00 was 02:00 again at 01:00Z on October 27th, and 02:00 was 03:00 on March 31st.
    const auto night = [](const char* start, const char* end) {
        auto session = session_of({period(instant(start), {{"ENERGY", "1"}})});
        session.end = instant(end);
        return session;
    };
    const auto early = restricted(R"("start_time": "02:10", "end_time": "02:20")");
    CHECK(changes(night("2024-10-27T00:30:00Z", "2024-10-27T01:30:00Z"), early, "Europe/Madrid") ==
          "1 element 0 of tariff T becomes active at 2024-10-27 02:10");
    const auto from_two = restricted(R"("start_time": "02:00", "end_time": "02:20")");
    CHECK(changes(night("2024-10-27T00:30:00Z", "2024-10-27T01:30:00Z"), from_two,
                  "Europe/Madrid") == "1 element 0 of tariff T becomes active at 2024-10-27 02:00");
    const auto half_past = restricted(R"("start_time": "02:30", "end_time": "03:30")");
    CHECK(changes(night("2024-03-31T00:30:00Z", "2024-03-31T02:30:00Z"), half_past,
                  "Europe/Madrid") == "1 element 0 of tariff T becomes active at 2024-03-31 03:00");
    CHECK(changes(night("2024-03-31T01:10:00Z", "2024-03-31T02:30:00Z"), half_past,
                  "Europe/Madrid") == "1 element 1 of tariff T becomes active at 2024-03-31 03:30");
}

TEST_CASE(
    "modules/pricing/overlooked_changes: of many periods the first are named, and that there are "
    "more")
{
    std::vector<sessions::charging_period> periods;
    for (int hour = 0; hour < 60; ++hour) {
        periods.push_back(period(monday(hour), {{"ENERGY", "1"}}));
    }
    std::string elements;
    for (int hour = 0; hour < 24; ++hour) {
        const auto text = (hour < 10 ? "0" : "") + std::to_string(hour);
        elements +=
            element(hour % 2 == 0 ? "1" : "2",
                    R"("start_time": ")" + text + R"(:30", "end_time": ")" + text + R"(:45")") +
            ",";
    }
    const auto priced =
        make_breakdown(session_of(periods),
                       tariff_list{make_tariff("[" + elements + element("3") + "]")}, time_zone());
    CHECK(priced.notes.size() == 22);  // and that there is no tax rate
    CHECK(has_note(priced, "in period 20 "));
    CHECK(has_note(priced, "in further periods, too"));
}

TEST_CASE(
    "modules/pricing/overlooked_changes: whatever lengths and bounds there are, it comes to an end")
{
    auto session = session_of({period(instant("1970-01-01T00:00:00Z"), {{"ENERGY", "1"}})});
    session.end = instant("9999-12-31T23:59:59Z");
    std::string elements;
    for (int i = 0; i < 300; ++i) {
        elements += element("0", R"("min_kwh": 1e-)" + std::to_string(80 - i / 4) +
                                     R"(, "max_kwh": 1e999999, "min_duration": )" +
                                     std::to_string(i) + R"(, "start_time": "00:01")") +
                    ",";
    }
    const auto priced = make_breakdown(
        session, tariff_list{make_tariff("[" + elements + element("0") + "]")}, time_zone());
    CHECK(changes(priced).empty());
}

}  // namespace overlooked_changes_test
