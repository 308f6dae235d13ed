#include "modules/exchange/partner_preferences.hpp"

#include "crud/memory/memory_crud.hpp"
#include "partners/partner_store.hpp"
#include "tests/support/platform_network.hpp"
#include "tests/support/run_awaitable.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace partner_preferences_test {

using namespace ocpi;
using sessions::forwarded_preferences;

namespace {

/// The registered CPO BE*BEC, which answers everything in one way.
struct stage {
    std::shared_ptr<test::platform_network> network = std::make_shared<test::platform_network>();
    std::shared_ptr<partners::partner_store> partners =
        std::make_shared<partners::partner_store>(std::make_shared<crud::memory_crud>());
    http::response response;
    http::request received;

    stage()
    {
        partners::partner bec;
        bec.name = "bec";
        bec.state = partners::partner_state::registered;
        bec.token = "secret";
        bec.roles = {*parse_credentials_role("CPO:BE*BEC")};
        bec.endpoints.emplace_back("sessions", partners::interface_role::sender,
                                   "https://bec.example/sessions");
        test::run_awaitable(partners->save(bec, {})).value();
        network->add("bec.example", [this](http::request request) { return answer(request); });
    }

    boost::asio::awaitable<result<http::response>> answer(http::request request)
    {
        received = std::move(request);
        co_return response;
    }

    protocol::trace_context trace = protocol::make_trace_context();

    result<forwarded_preferences> forward(int status, const std::string& body,
                                          const party& cpo = party("be", "bec"),
                                          const party& emsp = party("ES", "ABC"))
    {
        response.status = status;
        response.body = body;
        const std::vector<party> own{party("ES", "EMP"), party("ES", "ABC")};
        exchange::partner_preferences way(
            partners, std::make_shared<partners::platform_client>(network), own);
        return test::run_awaitable(
            way.forward(cpo, emsp, "S/1", R"({"profile_type":"FAST"})", "c-1", trace));
    }

    std::string header(const char* name) const
    {
        const auto* found = received.headers.find(name);
        return found ? *found : std::string();
    }
};

std::string envelope(int code, const std::string& data)
{
    return R"({"status_code":)" + std::to_string(code) + R"(,"data":)" + data + "}";
}

}  // namespace

TEST_CASE("modules/exchange/partner_preferences: they go to the CPO's Sender interface")
{
    stage bec;
    const auto answered = bec.forward(200, envelope(1000, "\"ACCEPTED\""));
    REQUIRE(answered.has_value());
    CHECK(answered->response == "ACCEPTED");
    CHECK(bec.network->requests() ==
          std::vector<std::string>{"PUT https://bec.example/sessions/S%2F1/charging_preferences"});
    CHECK(bec.received.body == R"({"profile_type":"FAST"})");
    CHECK(bec.header("OCPI-to-party-id") == "bec");
    CHECK(bec.header("OCPI-from-party-id") == "ABC");
    CHECK(bec.header("X-Correlation-ID") == "c-1");
    const auto sent = protocol::parse_traceparent(bec.header("traceparent"));
    REQUIRE(sent);
    CHECK(sent->trace_id == bec.trace.trace_id);
}

TEST_CASE("modules/exchange/partner_preferences: for a party that is not ours the first speaks")
{
    stage bec;
    REQUIRE(
        bec.forward(200, envelope(1000, "\"NOT_POSSIBLE\""), party("BE", "BEC"), party("NL", "TNM"))
            .has_value());
    CHECK(bec.header("OCPI-from-party-id") == "EMP");
}

TEST_CASE("modules/exchange/partner_preferences: the partner's refusals are told by their kind")
{
    stage bec;
    const auto kind = [&](int status, const std::string& body) {
        const auto answered = bec.forward(status, body);
        REQUIRE(answered.has_error());
        CHECK(answered.error().text().starts_with("bec "));
        CHECK(answered.error().text().find("secret") == std::string::npos);
        return answered.error().code();
    };
    CHECK(kind(404, envelope(2001, "null")) == errc::not_found);
    CHECK(kind(404, "<html>") == errc::not_found);
    CHECK(kind(200, envelope(2001, "null")) == errc::invalid);
    CHECK(kind(200, envelope(3000, "null")) == errc::partner_failure);
    CHECK(kind(401, envelope(2000, "null")) == errc::partner_failure);
    CHECK(kind(503, "<html>") == errc::partner_failure);
    CHECK(kind(200, envelope(1000, "null")) == errc::partner_failure);
    CHECK(kind(200, envelope(1000, "{}")) == errc::partner_failure);
    CHECK(kind(200, "<html>") == errc::partner_failure);
}

TEST_CASE("modules/exchange/partner_preferences: a CPO that is no partner cannot be asked")
{
    stage bec;
    const auto answered = bec.forward(200, envelope(1000, "\"ACCEPTED\""), party("FR", "XXX"));
    REQUIRE(answered.has_error());
    CHECK(answered.error().code() == errc::partner_failure);
    CHECK(answered.error().text() == "no partner is registered for FR*XXX");
    CHECK(bec.network->requests().empty());
}

TEST_CASE("modules/exchange/partner_preferences: a CPO behind a hub is asked through the hub")
{
    stage bec;
    auto stored = test::run_awaitable(bec.partners->find("bec")).value().value();
    stored.value.is_hub = true;
    stored.value.roles = {*parse_credentials_role("HUB:DE*HUB")};
    stored.value.allowed_roles = {*parse_credentials_role("CPO:FR*TRE")};
    test::run_awaitable(bec.partners->save(stored.value, stored.revision)).value();
    REQUIRE(bec.forward(200, envelope(1000, "\"ACCEPTED\""), party("FR", "TRE")).has_value());
    CHECK(bec.header("OCPI-to-country-code") == "FR");
    CHECK(bec.header("OCPI-to-party-id") == "TRE");
}

}  // namespace partner_preferences_test
