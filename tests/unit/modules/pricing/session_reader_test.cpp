#include "modules/pricing/session_reader.hpp"

#include "cost_fixture.hpp"

namespace session_reader_test {

using namespace ocpi;
using namespace ocpi::test;
using pricing::read_cost_input;
using pricing::read_priced_session;
using sessions::session_status;

namespace {

read_cost_input read(std::string_view text)
{
    const auto document = json::parse(text);
    REQUIRE(document.has_value());
    auto input = read_priced_session(*document);
    INFO((input.has_error() ? input.error().text() : ""));
    REQUIRE(input.has_value());
    input->tariffs.clear();  // they live no longer than the document
    return std::move(*input);
}

std::string refusal(std::string_view text)
{
    const auto document = json::parse(text);
    REQUIRE(document.has_value());
    const auto input = read_priced_session(*document);
    REQUIRE(input.has_error());
    return input.error().text();
}

bool notes_hold(const read_cost_input& input, std::string_view part)
{
    breakdown priced;
    priced.notes = input.session.notes;
    return has_note(priced, part);
}

}  // namespace

TEST_CASE("modules/pricing/session_reader: a Session is read with what its price depends on")
{
    const auto input = read(R"({
        "start_date_time": "2024-01-08T10:00:00Z", "status": "ACTIVE", "currency": "EUR",
        "kwh": 3, "last_updated": "2024-01-08T11:00:00Z",
        "charging_periods": [{"start_date_time": "2024-01-08T10:00:00Z", "tariff_id": "T",
                              "dimensions": [{"type": "ENERGY", "volume": 3}]}],
        "total_cost": {"before_taxes": 2.5, "taxes": [{"name": "VAT", "amount": 0.5}]}})");
    CHECK(input.session.status == session_status::active);
    CHECK(input.session.start == instant("2024-01-08T10:00:00Z"));
    CHECK_FALSE(input.session.end);
    CHECK(input.session.currency == "EUR");
    REQUIRE(input.session.periods.size() == 1);
    CHECK(input.session.periods[0].tariff_id == ci_string("t"));
    CHECK(input.session.periods[0].dimensions[0].volume == number("3"));
    CHECK(input.session.notes.empty());
    REQUIRE(input.stated.total);
    CHECK(input.stated.total->before_taxes == number("2.5"));
    CHECK(input.stated.currency == "EUR");
}

TEST_CASE("modules/pricing/session_reader: a session ends at its end_date_time")
{
    CHECK(read(R"({"status": "COMPLETED", "end_date_time": "2024-01-08T10:30:00Z",
                   "last_updated": "2024-01-08T11:00:00Z"})")
              .session.end == instant("2024-01-08T10:30:00Z"));
}

TEST_CASE(
    "modules/pricing/session_reader: what is neither a Session nor a CDR is refused, with what it "
    "may be")
{
    const auto refusal = [](const char* text) {
        const auto read = pricing::read_priced_session(*json::parse(text));
        REQUIRE(read.has_error());
        CHECK(read.error().code() == errc::invalid);
        return read.error().text();
    };
    const std::string neither =
        "is neither a Session nor a CDR: it has no start_date_time, no status and no "
        "charging_periods";
    CHECK(refusal("{}") == neither);
    CHECK(refusal(R"({"id":"LOC1","evses":[]})") == neither);
    CHECK(refusal(R"({"data":{"kwh":1},"status_code":1000})") ==
          "is an OCPI response, not a Session or a CDR: give what is in its data");
}

TEST_CASE("modules/pricing/session_reader: whose session it is comes with it")
{
    const auto input = read(R"({"country_code":"DE","party_id":"ALL","status":"ACTIVE"})");
    CHECK(input.session.owner == party("DE", "ALL"));
    CHECK_FALSE(read(R"({"country_code":"DE","status":"ACTIVE"})").session.owner);
}

TEST_CASE("modules/pricing/session_reader: an empty object is a session of which nothing is known")
{
    const auto read_as_session = [](const char* text) {
        constexpr auto kind = pricing::cost_input_kind::session;
        return pricing::read_priced_session(*json::parse(text), kind).value();
    };
    const auto input = read_as_session("{}");
    CHECK_FALSE(input.session.start);
    CHECK_FALSE(input.session.currency);
    CHECK(input.session.periods.empty());
    CHECK_FALSE(input.stated.total);
    CHECK(notes_hold(input, "the status is missing"));
}

TEST_CASE("modules/pricing/session_reader: RESERVED is understood, an offset from UTC too")
{
    const auto input =
        read(R"({"status": "RESERVED", "start_date_time": "2024-01-08T10:00:00+02:00"})");
    CHECK(input.session.status == session_status::reservation);
    CHECK(input.session.start == instant("2024-01-08T08:00:00Z"));
}

TEST_CASE("modules/pricing/session_reader: a CDR is COMPLETED and brings its totals and tariffs")
{
    const auto text = R"({
        "start_date_time": "2024-01-08T10:00:00Z", "end_date_time": "2024-01-08T11:00:00Z",
        "currency": "EUR", "tariffs": [{"id": "A"}, {"id": "B"}], "charging_periods": [],
        "total_cost": {"excl_vat": 4, "incl_vat": 4.4}, "total_energy": 15, "total_time": 1,
        "total_time_cost": {"excl_vat": 3.5}, "total_fixed_cost": {"before_taxes": 0.5},
        "total_parking_cost": "none", "last_updated": "2024-01-09T11:00:00Z"})";
    const auto document = json::parse(text);
    const auto input = read_priced_session(*document);
    REQUIRE(input.has_value());
    CHECK(input->session.status == session_status::completed);
    REQUIRE(input->tariffs.size() == 2);
    CHECK(input->tariffs[1].text() == R"({"id":"B"})");
    REQUIRE(input->stated.total);
    CHECK(input->stated.total->before_taxes == number("4"));
    REQUIRE(input->stated.total->taxes.size() == 1);
    CHECK(input->stated.total->taxes[0].amount == number("0.4"));
    const auto part = [&](cost_dimension dimension) {
        return input->stated.dimensions[static_cast<std::size_t>(dimension)];
    };
    CHECK(part(cost_dimension::time) == number("3.5"));
    CHECK(part(cost_dimension::flat) == number("0.5"));
    CHECK_FALSE(part(cost_dimension::parking_time));
    CHECK(notes_hold(*input, "total_parking_cost is no Price"));
}

TEST_CASE("modules/pricing/session_reader: what a price depends on must be of its type")
{
    CHECK(refusal("[]").find("object") != std::string::npos);
    CHECK(refusal(R"({"status": "DONE"})").find("/status") != std::string::npos);
    CHECK(refusal(R"({"charging_periods": 5})").find("/charging_periods") != std::string::npos);
    CHECK(refusal(R"({"charging_periods": [5]})").find("/charging_periods/0") != std::string::npos);
    CHECK(refusal(R"({"charging_periods": [{}]})").find("/charging_periods/0/start_date_time") !=
          std::string::npos);
    CHECK(refusal(R"({"charging_periods": [{"start_date_time": "2024-01-08T10:00:00Z",
              "dimensions": [{"type": "ENERGY", "volume": "3"}]}]})")
              .find("/charging_periods/0/dimensions/0/volume") != std::string::npos);
    CHECK(refusal(R"({"start_date_time": 5})").find("/start_date_time") != std::string::npos);
}

TEST_CASE(
    "modules/pricing/session_reader: an odd total_cost is not compared with, and nothing else "
    "changes")
{
    for (const char* odd : {"5", "{}", R"({"before_taxes": "5"})", R"({"before_taxes": 1e99999})",
                            R"({"before_taxes": 5, "taxes": [5]})", "[]"}) {
        const auto input = read(R"({"status": "ACTIVE", "total_cost": )" + std::string(odd) + "}");
        CHECK_FALSE(input.stated.total);
        CHECK(notes_hold(input, "total_cost is no Price"));
    }
}

TEST_CASE("modules/pricing/session_reader: energy without periods, and in Wh, is pointed out")
{
    CHECK(notes_hold(read(R"({"status": "ACTIVE", "kwh": 5})"), "what is not sent is not billed"));
    const auto periods = R"("charging_periods": [{"start_date_time": "2024-01-08T10:00:00Z",
        "dimensions": [{"type": "ENERGY", "volume": 41120}]}]})";
    CHECK(notes_hold(read(R"({"status": "ACTIVE", "kwh": 41.12, )" + std::string(periods)),
                     "they look like Wh"));
    CHECK_FALSE(notes_hold(read(R"({"status": "ACTIVE", "kwh": 40.0, )" + std::string(periods)),
                           "they look like Wh"));
}

TEST_CASE(
    "modules/pricing/session_reader: energy that the periods do not have is pointed out with both "
    "figures")
{
    const auto periods = R"("charging_periods": [{"start_date_time": "2024-01-08T10:00:00Z",
        "dimensions": [{"type": "ENERGY", "volume": 0.285}]}]})";
    const auto session = read(R"({"status": "ACTIVE", "kwh": 0.90, )" + std::string(periods));
    CHECK(session.session.kwh == number("0.9"));
    CHECK(notes_hold(session, "kwh is 0.9, the ENERGY of the charging periods 0.285 kWh"));
    const auto cdr = read(R"({"total_energy": 12, "kwh": 0.285, )" + std::string(periods));
    CHECK(notes_hold(cdr, "total_energy is 12, the ENERGY of the charging periods 0.285 kWh"));
    CHECK(read(R"({"status": "ACTIVE", "kwh": 0.285, )" + std::string(periods))
              .session.notes.empty());
}

TEST_CASE(
    "modules/pricing/session_reader: a period that was sent again counts once, as it was sent last")
{
    const auto input = read(R"({"status": "ACTIVE", "kwh": 2, "charging_periods": [
        {"start_date_time": "2024-01-08T10:00:00Z", "dimensions": [{"type": "ENERGY", "volume": 1}]},
        {"start_date_time": "2024-01-08T10:00:00Z", "dimensions": [{"type": "ENERGY", "volume": 1.5}]},
        {"start_date_time": "2024-01-08T11:00:00Z", "dimensions": [{"type": "ENERGY", "volume": 0.5}]}
        ]})");
    REQUIRE(input.session.periods.size() == 2);
    CHECK(input.session.periods[0].dimensions[0].volume == number("1.5"));
    REQUIRE(input.session.notes.size() == 1);
    CHECK(notes_hold(input, "sent again with the same start counts once"));
}

}  // namespace session_reader_test
