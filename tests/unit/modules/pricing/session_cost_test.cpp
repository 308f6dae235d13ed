#include "modules/pricing/session_cost.hpp"

#include "application/application.hpp"
#include "auth/token_authenticator.hpp"
#include "crud/memory/memory_crud.hpp"
#include "modules/driver_plans/stored_metered_sessions.hpp"
#include "modules/sessions/session_record.hpp"
#include "modules/sessions/view_id.hpp"
#include "ocpi/protocol/contract_id.hpp"
#include "tests/support/run_awaitable.hpp"
#include "tests/support/session_text.hpp"
#include "tests/unit/modules/pricing/cost_fixture.hpp"
#include "tests/unit/modules/pricing/known_tariffs.hpp"
#include "tests/unit/modules/pricing/plan_samples.hpp"

#include <doctest/doctest.h>

#include <initializer_list>
#include <memory>
#include <string>

namespace session_cost_test {

using namespace ocpi;
using namespace ocpi::sessions;
using namespace ocpi::pricing;
using namespace ocpi::driver_plans;
using test::member;
using test::run_awaitable;
using test::session_text;

namespace {

constexpr auto side = crud::interface_side::sender;

const member ten_kwh{"charging_periods",
                     R"([{"start_date_time":"2024-01-01T10:00:00Z","tariff_id":"T",)"
                     R"("dimensions":[{"type":"ENERGY","volume":10}]}])"};

struct fixture {
    std::shared_ptr<crud::memory_crud> crud = std::make_shared<crud::memory_crud>();
    std::shared_ptr<test::known_tariffs> tariffs = std::make_shared<test::known_tariffs>();
    std::shared_ptr<driver_plan_store> plans = std::make_shared<driver_plan_store>(crud);
    std::unique_ptr<session_costs> costs;
    crud::object_key key{"ES", "ABC", "S1"};

    fixture()
    {
        tariff_finder_dependencies parts;
        parts.tariffs = tariffs;
        auto finder = std::make_shared<session_tariff_finder>(std::move(parts));
        auto metered = std::make_shared<stored_metered_sessions>(crud);
        auto ledger = std::make_shared<driver_plan_ledger>(std::move(metered));
        costs = std::make_unique<session_costs>(std::move(finder), plans, std::move(ledger));
    }

    void add_plan(const std::vector<std::string>& tiers)
    {
        auto plan = test::make_plan(tiers);
        plan.contract_ids.emplace_back("DE-EMP-C1");
        REQUIRE(run_awaitable(plans->put(plan)).has_value());
    }

    void store(const std::string& json)
    {
        crud::document document(crud::object_key("ES", "ABC", "S1"), json,
                                test::instant("2024-01-01T11:00:00Z"), std::nullopt);
        set_index_values(document, contract_key(ci_string("DE-EMP-C1")), {}, {}, std::nullopt);
        REQUIRE(run_awaitable(crud->create("sessions", side, document)).has_value());
    }

    result<status::shown_cost> cost_of(const std::string& json)
    {
        crud::record record;
        record.document.key = key;
        record.document.json = json;
        auto session = std::make_shared<const session_snapshot>(read_snapshot(record).value());
        return run_awaitable(costs->cost_of(std::move(session), std::nullopt));
    }

    /// `AMOUNT CURRENCY COVERAGE`, and `estimated` where it is.
    std::string shown(const std::string& json)
    {
        const auto cost = cost_of(json);
        if (cost.has_error()) return std::string(to_string(cost.error().code()));
        return (cost->amount ? to_text(*cost->amount) : "null") + ' ' +
               cost->currency.value_or("null") + ' ' + cost->coverage +
               (cost->estimated ? " estimated" : "");
    }
};

std::string energy_at(const std::string& price)
{
    return R"([{"price_components":[{"type":"ENERGY","step_size":1,"price":)" + price + "}]}]";
}

const member completed{"status", R"("COMPLETED")"};
const member total{"total_cost", R"({"before_taxes":9,"taxes":[{"name":"VAT","amount":1}]})"};

}  // namespace

TEST_CASE("modules/pricing/session_cost: after taxes, before them where they are unknown")
{
    fixture f;
    f.tariffs->add(test::make_tariff(energy_at(R"(0.5,"vat":20)")));
    CHECK(f.shown(session_text({ten_kwh, completed})) == "6 EUR billed");
    f.tariffs->add(test::make_tariff(energy_at("0.5")));
    CHECK(f.shown(session_text({ten_kwh, completed})) == "5 EUR billed");
    f.tariffs->add(test::make_tariff(energy_at("0.5"), "YES"));
    CHECK(f.shown(session_text({ten_kwh, completed})) == "5 EUR billed");
    CHECK(f.shown(session_text({ten_kwh, {"status", R"("ACTIVE")"}})) == "5 EUR billed estimated");
    f.tariffs->add(test::make_tariff(energy_at("0")));
    CHECK(f.shown(session_text({ten_kwh, completed})) == "0 EUR billed");
}

TEST_CASE("modules/pricing/session_cost: energy without a period is priced by nobody but its CPO")
{
    fixture f;
    f.tariffs->add(test::make_tariff(energy_at("0.5")));
    const member none{"charging_periods", "[]"};
    CHECK(f.shown(session_text({none, completed})) == "null EUR unknown");
    CHECK(f.shown(session_text({none, completed, total})) == "10 EUR billed");
    CHECK(f.shown(session_text({ten_kwh, completed, total})) == "5 EUR billed");
    CHECK(f.shown(session_text({ten_kwh, completed, total, {"status", R"("INVALID")"}})) ==
          "0 EUR billed");
}

TEST_CASE(
    "modules/pricing/session_cost: energy with a price that no period tells of is not billed as 0")
{
    fixture f;
    f.tariffs->add(test::make_tariff(energy_at("0.5")));
    const auto of_dimensions = [](const std::string& dimensions) {
        return member{"charging_periods",
                      R"([{"start_date_time":"2024-01-01T10:00:00Z","tariff_id":"T",)"
                      R"("dimensions":[)" +
                          dimensions + "]}]"};
    };
    const auto time = of_dimensions(R"({"type":"TIME","volume":1})");
    CHECK(f.shown(session_text({time, {"kwh", "10"}, completed})) == "null EUR unknown");
    CHECK(f.shown(session_text({time, {"kwh", "10"}})) == "null EUR unknown estimated");
    CHECK(f.shown(session_text({time, {"kwh", "10"}, completed, total})) == "10 EUR billed");
    const auto none = of_dimensions(R"({"type":"TIME","volume":1},{"type":"ENERGY","volume":0})");
    CHECK(f.shown(session_text({none, {"kwh", "10"}, completed})) == "null EUR unknown");
    // Without energy there is nothing that could be untold.
    CHECK(f.shown(session_text({time, {"kwh", "0"}, completed})) == "0 EUR billed");
    CHECK(f.shown(session_text({time, {"kwh", "10"}, {"status", R"("INVALID")"}})) ==
          "0 EUR billed");
    // Some of it is told: that is billed.
    const auto some = of_dimensions(R"({"type":"ENERGY","volume":2})");
    CHECK(f.shown(session_text({some, {"kwh", "10"}, completed})) == "1 EUR billed");
    // Energy is free under these.
    for (const char* free : {R"([{"price_components":[{"type":"TIME","step_size":1,"price":3}]}])",
                             R"([{"price_components":[{"type":"ENERGY","step_size":1,"price":0},)"
                             R"({"type":"TIME","step_size":1,"price":3}]}])"}) {
        f.tariffs->add(test::make_tariff(free));
        CHECK(f.shown(session_text({time, {"kwh", "10"}, completed})) == "3 EUR billed");
    }
}

TEST_CASE("modules/pricing/session_cost: a period that was sent again is billed once")
{
    fixture f;
    f.tariffs->add(test::make_tariff(energy_at("0.5")));
    const member again{"charging_periods",
                       R"([{"start_date_time":"2024-01-01T10:00:00Z","tariff_id":"T",)"
                       R"("dimensions":[{"type":"ENERGY","volume":10}]},)"
                       R"({"start_date_time":"2024-01-01T10:00:00Z","tariff_id":"T",)"
                       R"("dimensions":[{"type":"ENERGY","volume":12}]}])"};
    CHECK(f.shown(session_text({again, {"kwh", "12"}, completed})) == "6 EUR billed");
}

TEST_CASE("modules/pricing/session_cost: members of a CDR make no CDR of a session")
{
    fixture f;
    f.tariffs->add(test::make_tariff(energy_at("0.5")));
    CHECK(f.shown(session_text({ten_kwh,
                                {"status", R"("ACTIVE")"},
                                {"total_energy", "1"},
                                {"total_time", "\"long\""},
                                {"tariffs", "[7]"}})) == "5 EUR billed estimated");
}

TEST_CASE("modules/pricing/session_cost: a plan counts before tariffs, and without them")
{
    fixture f;
    const auto json = session_text({{"kwh", "10"}, ten_kwh, completed, total});
    f.store(json);
    CHECK(f.shown(json) == "10 EUR billed");
    f.add_plan({"- 0"});
    CHECK(f.shown(json) == "0 EUR included");
    f.add_plan({"4 0", "- 0.5"});
    CHECK(f.shown(json) == "3 EUR billed");
    f.add_plan({"4 0"});
    CHECK(f.shown(json) == "null EUR unknown");
    f.add_plan({"- 0.1"});
    f.tariffs->is_unwell = true;
    CHECK(f.shown(json) == "1 EUR billed");
    REQUIRE(run_awaitable(f.plans->remove("home")).has_value());
    CHECK(f.shown(json) == "storage");
}

TEST_CASE(
    "modules/pricing/session_cost: a session that is not there any more has no price in a plan")
{
    fixture f;
    f.add_plan({"- 1"});
    CHECK(f.shown(session_text({ten_kwh, completed})) == "null EUR unknown");
}

TEST_CASE("modules/pricing/session_cost: numbers nobody can reckon with leave others alone")
{
    fixture f;
    f.tariffs->add(test::make_tariff(energy_at("0.5")));
    const member huge{"charging_periods",
                      R"([{"start_date_time":"2024-01-01T10:00:00Z","tariff_id":"T",)"
                      R"("dimensions":[{"type":"ENERGY","volume":1e999999}]}])"};
    const member huge_total{"total_cost", R"({"before_taxes":1e999999})"};
    CHECK(f.shown(session_text({huge, completed, huge_total})) == "null EUR unknown");
    CHECK(f.shown(session_text({{"charging_periods", "[]"}, completed, huge_total})) ==
          "null EUR unknown");
    CHECK(f.shown("[]") == "storage");
}

TEST_CASE("modules/pricing/session_cost: no amount stands for numbers that nobody can reckon with")
{
    fixture f;
    f.tariffs->add(test::make_tariff(energy_at("0.5")));
    const member odd_volume{"charging_periods",
                            R"([{"start_date_time":"2024-01-01T10:00:00Z","tariff_id":"T",)"
                            R"("dimensions":[{"type":"ENERGY","volume":1e95}]}])"};
    CHECK(f.shown(session_text({odd_volume, completed})) == "null EUR unknown");
    CHECK(f.shown(session_text({odd_volume, completed, total})) == "10 EUR billed");
    f.tariffs->add(test::make_tariff(energy_at("1e95")));
    CHECK(f.shown(session_text({ten_kwh, completed})) == "null EUR unknown");
    f.add_plan({"4 0", "- 0.5"});
    const auto odd_energy = session_text({{"kwh", "1e400"}, ten_kwh, completed});
    f.store(odd_energy);
    CHECK(f.shown(odd_energy) == "null EUR unknown");
}

TEST_CASE("modules/pricing/session_cost: an embedding program may know costs of its own")
{
    class fixed_cost final : public status::cost_source {
    public:
        boost::asio::awaitable<result<status::shown_cost>> cost_of(
            std::shared_ptr<const session_snapshot>, std::optional<time_zone>) override
        {
            status::shown_cost cost;
            cost.amount = decimal::parse("4.2");
            cost.coverage = "billed";
            co_return cost;
        }
    };
    const auto crud = std::make_shared<crud::memory_crud>();
    application_options options;
    options.parties.emplace_back(party("ES", "ABC"), options.roles);
    options.costs = std::make_shared<fixed_cost>();
    auth::principal operator_identity;
    operator_identity.kind = auth::caller_kind::platform_operator;
    operator_identity.name = "op";
    std::vector<auth::token_authenticator::configured_token> tokens;
    tokens.emplace_back(operator_identity, "op");
    Application application(
        std::move(options), crud,
        std::make_shared<auth::token_authenticator>(auth::token_store(crud), tokens));
    const auto ask = [&](const char* method, const std::string& target, const std::string& body) {
        http::request asked;
        asked.method = method;
        asked.target = target;
        asked.headers.add("Authorization", "Token op");
        asked.body = body;
        return run_awaitable(application.answer(std::move(asked)));
    };
    REQUIRE(ask("PUT", "/ocpi/cpo/2.3.0/sessions/ES/ABC/S1", session_text()).status == 201);
    const auto path = "/v1/sessions/" + view_id(crud::object_key("ES", "ABC", "S1"));
    const auto status = ask("GET", path + "/status", "");
    CHECK(status.status == 200);
    CHECK(status.body.find(R"("amount":4.2,)") != std::string::npos);
    CHECK(ask("GET", path + "/cost", "").status == 404);
}

}  // namespace session_cost_test
