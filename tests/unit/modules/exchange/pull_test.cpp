#include "modules/exchange/pull.hpp"

#include "tests/unit/modules/exchange/partner_cpo.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace pull_test {

using namespace ocpi;
using namespace ocpi::exchange;
using namespace ocpi::test;

namespace {

std::string header_of(const http::outbound_request& request, std::string_view name)
{
    const auto* value = request.headers.find(name);
    return value ? *value : "";
}

/// One line for each call.
class recording_observer final : public exchange_observer {
public:
    std::vector<std::string> lines;

    void on_pull(std::string_view partner, const pull_summary& page) noexcept override
    {
        lines.push_back(std::string(partner) + ' ' + std::to_string(page.applied) + ' ' +
                        std::to_string(page.unchanged) + ' ' + std::to_string(page.invalid));
    }
    void on_pull_end(std::string_view partner, bool is_complete) noexcept override
    {
        lines.push_back(std::string(partner) + (is_complete ? " complete" : " ended early"));
    }
};

}  // namespace

TEST_CASE("modules/exchange/pull: a request carries the token and names both parties")
{
    pulling p;
    p.script.push_back(page_of("[]", link_to(2)));
    p.script.push_back(page_of("[]"));
    REQUIRE(p.pull().has_value());
    for (const auto& request : p.http->requests()) {
        CHECK(request.method == "GET");
        CHECK(header_of(request, "Authorization") == "Token dGhlLXNlY3JldA==");
        CHECK(header_of(request, "OCPI-from-country-code") == "DE");
        CHECK(header_of(request, "OCPI-from-party-id") == "EMP");
        CHECK(header_of(request, "OCPI-to-country-code") == "ES");
        CHECK(header_of(request, "OCPI-to-party-id") == "ABC");
        CHECK(request.reach == http::reach::public_https);
        CHECK(request.pool == "Cpo");
    }
}

TEST_CASE(
    "modules/exchange/pull: with several parties every pair is asked for, and counts as one crawl")
{
    pulling p;
    p.cpo = make_cpo({party("ES", "ABC"), party("FR", "XYZ")});
    p.own_parties = {party("DE", "EMP"), party("AT", "EMQ")};
    p.answer = [](const http::outbound_request& request) {
        // It ignores the routing headers: everything comes with every pair.
        if (request.url.find("offset") == std::string::npos) {
            return page_of(array_of({session_at("1", ten)}), link_to(2), "2");
        }
        return page_of(
            array_of({session_text({{"country_code", R"("FR")"}, {"party_id", R"("XYZ")"}})}), {},
            "2");
    };
    const auto summary = p.pull();
    REQUIRE(summary.has_value());
    CHECK(summary->applied == 2);
    CHECK(summary->unchanged == 6);
    CHECK(summary->total == 8);
    std::vector<std::string> pairs;
    for (const auto& request : p.http->requests()) {
        pairs.push_back(header_of(request, "OCPI-to-party-id") + '>' +
                        header_of(request, "OCPI-from-party-id"));
    }
    CHECK(pairs == std::vector<std::string>{"ABC>EMP", "ABC>EMP", "XYZ>EMP", "XYZ>EMP", "ABC>EMQ",
                                            "ABC>EMQ", "XYZ>EMQ", "XYZ>EMQ"});
}

TEST_CASE("modules/exchange/pull: pages that shift bring sessions twice, which does no harm")
{
    pulling p;
    p.script.push_back(page_of(array_of({session_at("1", ten), session_at("2", ten)}), link_to(2)));
    p.script.push_back(page_of(array_of({session_at("2", ten), session_at("3", ten)}), link_to(3)));
    p.script.push_back(page_of(array_of({session_at("3", eleven, "2.0")})));
    const auto summary = p.pull();
    REQUIRE(summary.has_value());
    CHECK(summary->applied == 4);
    CHECK(summary->unchanged == 1);
    CHECK(p.stored("3") == session_at("3", eleven, "2.0"));
}

TEST_CASE("modules/exchange/pull: an empty list is a complete run")
{
    pulling p;
    p.script.push_back(page_of("[]", {}, "0"));
    const auto summary = p.pull();
    REQUIRE(summary.has_value());
    CHECK(summary->pages == 1);
    CHECK(summary->total == 0);
}

TEST_CASE(
    "modules/exchange/pull: only a registered CPO with sessions to send is pulled from, by an eMSP")
{
    const auto refused = [](const std::function<void(pulling&)>& change) {
        pulling p;
        change(p);
        CHECK_FALSE(p.make_puller()->can_pull_from(p.cpo));
        CHECK(failure_of(p.pull()).code() == errc::invalid);
        CHECK(p.http->requests().empty());
    };
    refused([](pulling& p) { p.cpo.state = partners::partner_state::unregistered; });
    refused([](pulling& p) { p.cpo.roles.clear(); });
    refused([](pulling& p) { p.cpo.endpoints.clear(); });
    refused([](pulling& p) { p.own_parties.clear(); });
}

TEST_CASE(
    "modules/exchange/pull: an endpoint's own query and slash are kept, a fragment is not sent")
{
    pulling p;
    p.cpo.endpoints.clear();
    p.cpo.endpoints.emplace_back("sessions", partners::interface_role::sender,
                                 "https://cpo.example/sessions/?key=1#top");
    p.script.push_back(page_of("[]"));
    REQUIRE(p.pull().has_value());
    CHECK(p.http->requests().front().url ==
          "https://cpo.example/sessions/?key=1&date_from=1970-01-01T00:00:00Z&limit=100");
}

TEST_CASE(
    "modules/exchange/pull: the CPOs behind a hub of version 2.2.1 are pulled through it by name")
{
    pulling p;
    p.cpo.version = protocol::version::v2_2_1;
    p.cpo.is_hub = true;
    p.cpo.roles = {*parse_credentials_role("HUB:DE*HUB")};
    p.cpo.allowed_roles = {*parse_credentials_role("HUB:DE*HUB"),
                           *parse_credentials_role("CPO:ES*ABC"),
                           *parse_credentials_role("EMSP:NL*TNM")};
    p.script.push_back(page_of(array_of({session_at("1", ten)})));
    const auto summary = p.pull();
    REQUIRE(summary.has_value());
    CHECK(summary->applied == 1);
    const auto requests = p.http->requests();
    REQUIRE(requests.size() == 1);
    CHECK(*requests[0].headers.find("OCPI-to-country-code") == "ES");
    CHECK(*requests[0].headers.find("OCPI-to-party-id") == "ABC");
    CHECK(*requests[0].headers.find("OCPI-from-party-id") == "EMP");
}

TEST_CASE("modules/exchange/pull: an observer is told of each page and of the end of each run")
{
    const auto seen = std::make_shared<recording_observer>();
    pulling p;
    p.observer = seen;
    p.script.push_back(
        page_of(array_of({session_at("1", ten), session_at("2", ten), "{}"}), link_to(3)));
    p.script.push_back(page_of(array_of({session_at("2", ten), session_at("3", ten)})));
    REQUIRE(p.pull().has_value());
    p.script.push_back(refused_answer(404, 2003));
    CHECK_FALSE(p.pull().has_value());
    p.script.push_back(page_of("[]"));
    exchange::pull_range range;
    range.date_from = instant(ten);
    REQUIRE(p.pull(range).has_value());
    CHECK(seen->lines == std::vector<std::string>{"Cpo 2 0 1", "Cpo 1 1 0", "Cpo complete",
                                                  "Cpo ended early", "Cpo 0 0 0"});
}

}  // namespace pull_test
