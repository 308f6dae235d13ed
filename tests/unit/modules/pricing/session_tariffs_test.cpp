#include "modules/pricing/session_tariffs.hpp"

#include "tests/support/run_awaitable.hpp"
#include "tests/unit/modules/pricing/cost_fixture.hpp"
#include "tests/unit/modules/pricing/known_tariffs.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace session_tariffs_test {

using namespace ocpi;
using namespace ocpi::sessions;
using namespace ocpi::pricing;
using test::run_awaitable;

namespace {

constexpr const char* elements =
    R"([{"price_components":[{"type":"ENERGY","price":0.25,"step_size":1}]}])";

struct fixture {
    std::shared_ptr<test::known_tariffs> tariffs = std::make_shared<test::known_tariffs>();
    configured_evse where;
    std::optional<time_zone> configured_zone;
    session of;

    fixture()
    {
        where.owner = party("DE", "OUR");
        where.location_id = "L1";
        where.evse_uid = "E1";
        of.country_code = ci_string("DE");
        of.party_id = ci_string("OUR");
        of.location_id = ci_string("L1");
        of.evse_uid = ci_string("E1");
        of.start_date_time = test::instant("2026-06-01T10:00:00Z");
    }

    void add_tariff(const std::string& id, const std::string& more = "")
    {
        tariffs->add(test::make_tariff(elements, "NO", more, id));
    }

    void add_period(const std::string& tariff_id, const char* start = "2026-06-01T10:00:00Z")
    {
        charging_period period;
        period.start_date_time = test::instant(start);
        if (!tariff_id.empty()) period.tariff_id = ci_string(tariff_id);
        of.charging_periods.push_back(period);
    }

    session_tariff_finder finder() const
    {
        tariff_finder_dependencies parts;
        parts.tariffs = tariffs;
        parts.evses = std::make_shared<configured_evse_directory>(std::vector{where});
        parts.zone = configured_zone;
        return session_tariff_finder(std::move(parts));
    }

    session_tariffs find(profile_type profile = profile_type::regular,
                         std::optional<time_zone> of_policy = {}) const
    {
        auto found = run_awaitable(finder().find(of, profile, of_policy));
        REQUIRE(found.has_value());
        return std::move(*found);
    }

    /// The id of the tariff that counts from now on; empty: none.
    std::string current(profile_type profile = profile_type::regular) const
    {
        const auto found = run_awaitable(finder().find_current(of, profile, std::nullopt));
        REQUIRE(found.has_value());
        return found->tariffs.empty() ? std::string() : found->tariffs.front()->id.str();
    }
};

std::string ids(const session_tariffs& found)
{
    std::string text;
    for (const auto& tariff : found.tariffs) text += tariff->id.str() + ' ';
    return text + "default " + (found.default_id ? found.default_id->str() : "none");
}

}  // namespace

TEST_CASE("modules/pricing/session_tariffs: those that the periods name, each looked up once")
{
    fixture f;
    f.add_tariff("A");
    f.add_tariff("B");
    f.add_tariff("EVSE");
    f.where.evse.tariff_ids[profile_type::regular] = "EVSE";
    for (const char* id : {"A", "B", "a", "A", "X", "B"}) f.add_period(id);
    const auto found = f.find();
    CHECK(ids(found) == "A B default none");
    CHECK(f.tariffs->asked == std::map<std::string, int>{{"A", 1}, {"B", 1}, {"X", 1}});
    CHECK(found.notes == std::vector<std::string>{"there is no tariff X"});
}

TEST_CASE("modules/pricing/session_tariffs: the EVSE's where no period names one")
{
    fixture f;
    f.add_tariff("A");
    f.add_tariff("B");
    f.add_tariff("EVSE");
    f.where.evse.tariff_ids[profile_type::regular] = "EVSE";
    CHECK(ids(f.find()) == "EVSE default EVSE");
    f.add_period("");
    CHECK(ids(f.find()) == "EVSE default EVSE");
    // The only one that is named prices the others too.
    f.add_period("A");
    CHECK(ids(f.find()) == "A default none");
    f.add_period("B");
    CHECK(ids(f.find()) == "A B EVSE default EVSE");
    f.of.evse_uid = ci_string("E2");
    CHECK(ids(f.find()) == "A B default none");
}

TEST_CASE("modules/pricing/session_tariffs: the EVSE's is that of the profile, or none")
{
    fixture f;
    f.add_tariff("REG", R"("type":"REGULAR",)");
    f.add_tariff("ANY");
    f.where.evse.tariff_ids[profile_type::regular] = "REG";
    f.where.evse.tariff_ids[profile_type::fast] = "ANY";
    f.where.evse.tariff_ids[profile_type::green] = "REG";
    CHECK(ids(f.find(profile_type::regular)) == "REG default REG");
    CHECK(ids(f.find(profile_type::fast)) == "ANY default ANY");
    CHECK(ids(f.find(profile_type::cheap)) == "default none");
    const auto other = f.find(profile_type::green);
    CHECK(ids(other) == "default none");
    CHECK(other.notes ==
          std::vector<std::string>{"the EVSE's tariff REG is not for the profile GREEN"});
}

TEST_CASE("modules/pricing/session_tariffs: the EVSE's counts when it is valid at the start")
{
    fixture f;
    f.where.evse.tariff_ids[profile_type::regular] = "T";
    const auto is_found = [&f](const char* validity) {
        f.add_tariff("T", validity);
        return f.find().tariffs.size() == 1;
    };
    CHECK(is_found(R"("start_date_time":"2026-06-01T10:00:00Z",)"));
    CHECK_FALSE(is_found(R"("start_date_time":"2026-06-01T10:00:01Z",)"));
    CHECK(is_found(R"("end_date_time":"2026-06-01T10:00:01Z",)"));
    CHECK_FALSE(is_found(R"("end_date_time":"2026-06-01T10:00:00Z",)"));
    // Whoever names it knows why.
    f.add_period("T");
    CHECK(f.find().tariffs.size() == 1);
}

TEST_CASE(
    "modules/pricing/session_tariffs: zone of the EVSE, else the policy, else configured, UTC")
{
    fixture f;
    const auto lisbon = time_zone::find("Europe/Lisbon");
    CHECK(f.find().zone.name() == "UTC");
    f.configured_zone = time_zone::find("Europe/Paris");
    CHECK(f.find().zone.name() == "Europe/Paris");
    CHECK(f.find(profile_type::regular, lisbon).zone.name() == "Europe/Lisbon");
    f.where.evse.time_zone = "Europe/Madrid";
    CHECK(f.find(profile_type::regular, lisbon).zone.name() == "Europe/Madrid");
    f.where.evse.time_zone = "Mars/Base";
    const auto unknown = f.find(profile_type::regular, lisbon);
    CHECK(unknown.zone.name() == "Europe/Lisbon");
    CHECK(unknown.notes ==
          std::vector<std::string>{
              "the EVSE's time zone Mars/Base is unknown: that of Europe/Lisbon counts"});
}

TEST_CASE(
    "modules/pricing/session_tariffs: from now on the last period's, the profile's, REGULAR's")
{
    fixture f;
    f.add_tariff("A");
    f.add_tariff("B");
    f.add_tariff("REG");
    f.add_tariff("FAST");
    CHECK(f.current().empty());
    f.where.evse.tariff_ids[profile_type::regular] = "REG";
    CHECK(f.current(profile_type::fast) == "REG");
    f.where.evse.tariff_ids[profile_type::fast] = "FAST";
    CHECK(f.current(profile_type::fast) == "FAST");
    f.add_period("B", "2026-06-01T11:00:00Z");
    f.add_period("A", "2026-06-01T10:30:00Z");
    CHECK(f.current(profile_type::fast) == "B");
    f.add_period("GONE", "2026-06-01T12:00:00Z");
    CHECK(f.current(profile_type::fast) == "FAST");
    f.add_period("", "2026-06-01T13:00:00Z");
    CHECK(f.current() == "REG");
}

TEST_CASE(
    "modules/pricing/session_tariffs: a session of very many tariffs is not looked up at length")
{
    fixture f;
    for (int i = 0; i < 5000; ++i) f.add_period("T" + std::to_string(i));
    const auto found = f.find();
    CHECK(f.tariffs->asked.size() == 100);
    CHECK(found.notes.front().starts_with("the session names more than 100 tariffs"));
}

TEST_CASE("modules/pricing/session_tariffs: huge ones are looked for only until they are too many")
{
    std::string list = elements;
    const auto one = list.substr(1, list.size() - 2);
    list.pop_back();
    for (int i = 1; i < 10'000; ++i) list += ',' + one;
    list += ']';
    fixture f;
    for (const char* id : {"A", "B", "C", "D", "E"}) {
        f.tariffs->add(test::make_tariff(list, "NO", "", id));
        f.add_period(id);
    }
    // Two have 40,000 elements and components.
    const auto found = f.find();
    CHECK(ids(found) == "A B C default none");
    CHECK(f.tariffs->asked.size() == 3);
    CHECK(found.notes == std::vector<std::string>{"the tariffs of the session are too large: the "
                                                  "others count as unknown"});
}

TEST_CASE("modules/pricing/session_tariffs: tariffs that cannot be asked for are an error")
{
    fixture f;
    f.add_period("A");
    f.tariffs->is_unwell = true;
    CHECK(run_awaitable(f.finder().find(f.of, profile_type::regular, std::nullopt)).has_error());
    CHECK(run_awaitable(f.finder().find_current(f.of, profile_type::regular, std::nullopt))
              .has_error());
}

}  // namespace session_tariffs_test
