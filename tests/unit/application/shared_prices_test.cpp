// Two Applications on one store with leases: the one that has the care of policies plans by the
// prices that the other one writes.

#include "application/application.hpp"
#include "auth/token_authenticator.hpp"
#include "auth/token_store.hpp"
#include "modules/managed/managed_store.hpp"
#include "tests/support/leased_crud.hpp"
#include "tests/support/managed_text.hpp"
#include "tests/support/platform_network.hpp"
#include "tests/support/tariff_text.hpp"

#include <doctest/doctest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include <chrono>
#include <functional>
#include <future>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace shared_prices_test {

using namespace ocpi;
using namespace std::chrono_literals;
namespace asio = boost::asio;
using managed_test::moment;

namespace {

const std::string session_path = "/ocpi/cpo/2.3.0/sessions/ES/ABC/S1";
const std::string tariff_path = "/ocpi/cpo/2.3.0/tariffs/ES/ABC/T1";
const std::string policy_path = "/v1/policies/f47ac10b-58cc-4372-a567-0e02b2c3d479";

/// An hour's charging until 16:00 UTC.
const std::string policy_body =
    R"({"timezone":"UTC","location":{"countryCode":"ES","partyId":"ABC","locationId":"L1"},)"
    R"("contractIds":["DE-EMP-C1"],"vehicle":{"batteryCapacityKwh":40,"maxPowerKw":10},)"
    R"("batteryReserve":0,"schedule":[{"weekdays":["MONDAY"],"readyBy":"16:00",)"
    R"("minimumChargeTarget":75}]})";

/// Plugged in at 11:00, and not charging yet.
std::string session_body()
{
    return test::session_text(
        {{"start_date_time", test::at("11:00")},
         {"last_updated", test::at("11:00")},
         {"kwh", "0"},
         {"soc_start", "50"},
         {"charging_periods", R"([{"start_date_time":)" + test::at("11:00") +
                                  R"(,"dimensions":[{"type":"ENERGY","volume":0}],)"
                                  R"("tariff_id":"T1"}])"}});
}

/// Cheap for an hour.
std::string tariff_body(const std::string& from, const std::string& to)
{
    return test::tariff_text(
        {{"elements",
          R"([{"price_components":[{"type":"ENERGY","price":0.10,"step_size":1}],)"
          R"("restrictions":{"start_time":")" +
              from + R"(","end_time":")" + to +
              R"("}},{"price_components":[{"type":"ENERGY","price":0.30,"step_size":1}]}])"}});
}

struct cluster {
    asio::io_context context;
    std::shared_ptr<adjustable_clock> clock = std::make_shared<adjustable_clock>();
    /// By which leases expire: it stands still.
    test::manual_time time;
    std::shared_ptr<crud::memory_crud> store = std::make_shared<crud::memory_crud>();
    std::shared_ptr<test::memory_leases> leases = std::make_shared<test::memory_leases>(time);
    std::unique_ptr<Application> owner = make();
    std::unique_ptr<Application> other = make();

    cluster()
    {
        clock->set(moment("11:00"));
        owner->listen(context.get_executor(), "127.0.0.1:0");
        run_until([&] { return !leases->holder_of("policies").empty(); });
        other->listen(context.get_executor(), "127.0.0.1:0");
    }
    ~cluster()
    {
        run(owner->stop());
        run(other->stop());
    }

    std::unique_ptr<Application> make()
    {
        auth::principal operator_identity;
        operator_identity.kind = auth::caller_kind::platform_operator;
        operator_identity.name = "op";
        std::vector<auth::token_authenticator::configured_token> tokens{{operator_identity, "op"}};
        const auto crud = std::make_shared<test::leased_crud>(store, leases);
        application_options options;
        options.parties.emplace_back(party("ES", "ABC"), options.roles);
        options.public_url = "https://ocpi.example.com";
        options.time = clock;
        options.http_client = std::make_shared<test::platform_network>();
        return std::make_unique<Application>(
            std::move(options), crud,
            std::make_shared<auth::token_authenticator>(auth::token_store(crud), tokens));
    }

    void run_until(const std::function<bool()>& is_so)
    {
        const auto limit = std::chrono::steady_clock::now() + 30s;
        while (!is_so()) {
            context.restart();
            context.run_one_for(20ms);
            if (std::chrono::steady_clock::now() > limit) FAIL("it never came to be");
        }
    }

    template <class T>
    T run(asio::awaitable<T> coroutine)
    {
        auto outcome = asio::co_spawn(context, std::move(coroutine), asio::use_future);
        run_until([&] { return outcome.wait_for(0s) == std::future_status::ready; });
        return outcome.get();
    }

    void ask(Application& of, const std::string& method, const std::string& target,
             const std::string& body = {})
    {
        http::request request;
        request.method = method;
        request.target = target;
        request.headers.add("Authorization", "Token op");
        request.body = body;
        const auto answered = run(of.answer(std::move(request)));
        REQUIRE_MESSAGE(answered.status / 100 == 2, answered.body);
    }

    /// Waits for a plan to charge from then on.
    void await_plan(const std::string& from)
    {
        managed::managed_store records(store);
        run_until([&] {
            const auto found = run(records.find(crud::object_key("ES", "ABC", "S1"))).value();
            return found && !found->value.planned.empty() &&
                   found->value.planned.back().start == moment(from);
        });
    }
};

}  // namespace

TEST_CASE("application/shared_prices: prices that another process writes make plans again")
{
    cluster at;
    const auto owner = at.leases->holder_of("policies");
    at.ask(*at.owner, "PUT", policy_path, policy_body);
    at.ask(*at.owner, "PUT", session_path, session_body());
    at.await_plan("11:00");
    at.ask(*at.other, "PUT", tariff_path, tariff_body("13:00", "14:00"));
    at.await_plan("13:00");
    at.ask(*at.other, "PUT", tariff_path, tariff_body("12:00", "13:00"));
    at.await_plan("12:00");
    // Without prices it charges at once.
    at.ask(*at.other, "DELETE", tariff_path);
    at.await_plan("11:00");
    at.ask(*at.owner, "PUT", tariff_path, tariff_body("14:00", "15:00"));
    at.await_plan("14:00");
    CHECK(at.leases->holder_of("policies") == owner);
}

}  // namespace shared_prices_test
