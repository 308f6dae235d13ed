#include "modules/pricing/stated_energy.hpp"

#include "cost_fixture.hpp"

namespace stated_energy_test {

using namespace ocpi;
using namespace ocpi::test;
using pricing::energy_note;
using pricing::is_energy_missing;

namespace {

pricing::priced_session stated(const char* kwh, const std::vector<dimension_text>& volumes)
{
    auto session = session_of({period(monday(10), volumes)});
    session.kwh = number(kwh);
    return session;
}

/// `none` without a note.
std::string note(const pricing::priced_session& session, std::string_view name = "kwh")
{
    return energy_note(session, name).value_or("none");
}

}  // namespace

TEST_CASE(
    "modules/pricing/stated_energy: kwh that the periods do not add up to is noted with both "
    "figures")
{
    CHECK(note(stated("0.9", {{"ENERGY", "0.285"}})) ==
          "kwh is 0.9, the ENERGY of the charging periods 0.285 kWh: what the periods say is "
          "billed");
    CHECK(note(stated("5", {{"ENERGY", "6.5"}})).starts_with("kwh is 5, "));
    CHECK(note(stated("0", {{"ENERGY", "3"}})).starts_with("kwh is 0, "));
    CHECK(note(stated("-1", {{"ENERGY", "3"}})).starts_with("kwh is -1, "));
    CHECK(note(stated("10", {{"TIME", "1"}})).find(" periods 0 kWh") != std::string::npos);
    CHECK(note(stated("7", {{"ENERGY", "1"}}), "total_energy").starts_with("total_energy is 7, "));
    CHECK(note(stated("7", {{"ENERGY_IMPORT", "1"}})).find(" 1 kWh") != std::string::npos);
}

TEST_CASE("modules/pricing/stated_energy: up to 1 % of kwh or 0.01 kWh is rounding")
{
    CHECK(note(stated("50", {{"ENERGY", "50.5"}})) == "none");
    CHECK(note(stated("50", {{"ENERGY", "49.5"}})) == "none");
    CHECK(note(stated("50", {{"ENERGY", "50.5001"}})) != "none");
    CHECK(note(stated("50", {{"ENERGY", "49.4999"}})) != "none");
    CHECK(note(stated("0.1", {{"ENERGY", "0.11"}})) == "none");
    CHECK(note(stated("0.1", {{"ENERGY", "0.1101"}})) != "none");
    CHECK(note(stated("0", {{"TIME", "1"}})) == "none");
    CHECK(note(stated("3", {{"ENERGY_IMPORT", "3"}})) == "none");
}

TEST_CASE("modules/pricing/stated_energy: what looks like Wh is noted as that, and both figures")
{
    const auto found = note(stated("41.12", {{"ENERGY", "41120"}}));
    CHECK(found.find("they look like Wh") != std::string::npos);
    CHECK(found.find("41.12,") != std::string::npos);
    CHECK(found.find("41120") != std::string::npos);
}

TEST_CASE(
    "modules/pricing/stated_energy: a session without periods says so, one without kwh nothing")
{
    auto session = session_of({});
    CHECK(note(session) == "none");
    session.kwh = number("5");
    CHECK(note(session).starts_with("no charging periods were sent"));
    session.kwh = number("0");
    CHECK(note(session) == "none");
    CHECK(note(session_of({period(monday(10), {{"ENERGY", "1"}})})) == "none");
    CHECK(note(stated("5", {{"ENERGY", "1e95"}})) == "none");
}

TEST_CASE("modules/pricing/stated_energy: energy is untold where no period has any of it")
{
    CHECK(is_energy_missing(stated("10", {{"TIME", "1"}})));
    CHECK(is_energy_missing(stated("10", {{"TIME", "1"}, {"ENERGY", "0"}})));
    CHECK_FALSE(is_energy_missing(stated("10", {{"ENERGY", "1"}})));
    CHECK_FALSE(is_energy_missing(stated("10", {{"ENERGY_IMPORT", "1"}})));
    CHECK_FALSE(is_energy_missing(stated("10", {{"ENERGY", "1e95"}})));
    CHECK_FALSE(is_energy_missing(stated("0.01", {{"TIME", "1"}})));
    CHECK_FALSE(is_energy_missing(stated("-5", {{"TIME", "1"}})));
    CHECK_FALSE(is_energy_missing(session_of({period(monday(10), {{"TIME", "1"}})})));
    auto without_periods = session_of({});
    without_periods.kwh = number("5");
    CHECK_FALSE(is_energy_missing(without_periods));
}

}  // namespace stated_energy_test
