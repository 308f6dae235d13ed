// A simulation, the driver and a whole platform of ours, without sockets.

#include "app/simulate/driver.hpp"

#include "tests/support/platform.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <stop_token>
#include <string>

namespace driver_test {

using namespace ocpi;
using namespace ocpi::app::simulate;

namespace {

/// An eMSP's platform and a CPO's strict token for it.
struct world {
    world()
    {
        const std::vector<own_party> parties{
            own_party(party("NL", "TNM"), {party_role::emsp}, "eMSP")};
        emsp.emplace(network, "emsp", parties);
        emsp->add_token("cpo", "cpo-token", {"CPO:ES*ABC"}, auth::token_kind::credentials);
    }

    static simulation_options options(const char* scenario)
    {
        simulation_options made;
        made.like = *find_scenario(scenario);
        made.seed = 12;
        made.start = parse_date_time("2026-05-30T12:00:00Z")->value;
        made.end = parse_date_time("2026-06-01T12:00:00Z")->value;
        made.max_sessions = 60;
        return made;
    }

    std::shared_ptr<test::platform_network> network = std::make_shared<test::platform_network>();
    std::optional<test::platform> emsp;
};

/// Passes all requests on but one, the first PUT of an ACTIVE session: that one it answers as a
/// server does that has stored it.
class losing_network final : public http::http_client {
public:
    explicit losing_network(std::shared_ptr<http::http_client> beyond) : beyond_(std::move(beyond))
    {
    }

    boost::asio::awaitable<result<http::response>> send(http::outbound_request request) override
    {
        const bool is_start = request.method == "PUT" &&
                              request.body.find(R"("status":"ACTIVE")") != std::string::npos;
        if (is_start && lost_url.empty()) {
            lost_url = request.url;
            http::response done;
            done.body = R"({"status_code":1000,"timestamp":"2026-06-01T12:00:00Z"})";
            co_return done;
        }
        co_return co_await beyond_->send(std::move(request));
    }

    std::string lost_url;

private:
    std::shared_ptr<http::http_client> beyond_;
};

std::vector<difference> run(const std::shared_ptr<http::http_client>& http, const char* scenario)
{
    simulation simulated(world::options(scenario));
    target_server server(http, "https://emsp", "cpo-token", party("ES", "ABC"));
    driver_options how;
    how.verifies = true;
    driver simulator(simulated, server, how, [](const driver&) {});
    REQUIRE(test::run_awaitable(simulator.prepare()).has_value());
    test::run_awaitable(simulator.run(std::stop_token()));
    CHECK(simulator.verified() == 60);
    CHECK(simulator.notes().empty());
    return simulator.differences();
}

}  // namespace

TEST_CASE("app/simulate/driver: our server holds what any scenario has sent")
{
    for (const char* scenario : {"calm", "unruly", "flood"}) {
        CAPTURE(scenario);
        const world of;
        const auto differences = run(of.network, scenario);
        for (const auto& each : differences) CHECK_MESSAGE(false, to_string(each));
    }
}

TEST_CASE("app/simulate/driver: a server that loses one write is found out")
{
    const world of;
    const auto losing = std::make_shared<losing_network>(of.network);
    const auto differences = run(losing, "calm");
    REQUIRE_FALSE(losing->lost_url.empty());
    const auto id = losing->lost_url.substr(losing->lost_url.rfind('/') + 1);
    REQUIRE_FALSE(differences.empty());
    for (const auto& each : differences) CHECK(each.session == id);
    CHECK(differences.front().pointer == "/start_date_time");
}

TEST_CASE("app/simulate/driver: a server that does not know the token ends the run")
{
    const world of;
    simulation simulated(world::options("calm"));
    target_server server(of.network, "https://emsp", "other", party("ES", "ABC"));
    driver simulator(simulated, server, driver_options(), [](const driver&) {});
    const auto prepared = test::run_awaitable(simulator.prepare());
    REQUIRE(prepared.has_error());
    CHECK(prepared.error().text().find("401") != std::string::npos);
}

}  // namespace driver_test
