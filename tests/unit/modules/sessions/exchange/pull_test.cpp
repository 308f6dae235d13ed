#include "modules/sessions/exchange/pull.hpp"

#include "tests/unit/modules/sessions/exchange/partner_cpo.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

using namespace ocpi;
using namespace ocpi::sessions::exchange;
using namespace ocpi::test;

namespace {

const std::string ten = "2024-06-01T10:00:00Z";
const std::string eleven = "2024-06-01T11:00:00Z";

std::string link_to(int page)
{
    return list_url + "?offset=" + std::to_string(page);
}

/// The one error that ends a run.
error failure_of(const result<pull_summary>& outcome)
{
    REQUIRE(outcome.has_error());
    return outcome.error();
}

std::string header_of(const http::outbound_request& request, std::string_view name)
{
    const auto* value = request.headers.find(name);
    return value ? *value : "";
}

}  // namespace

TEST_CASE("exchange/pull: every page is fetched by the link of the one before, every session kept")
{
    pulling p;
    p.script.push_back(page_of(array_of({session_at("1", ten), session_at("2", ten)}), link_to(2)));
    p.script.push_back(page_of(array_of({session_at("3", eleven)}), link_to(7)));
    p.script.push_back(page_of(array_of({session_at("4", ten)})));
    const auto summary = p.pull();
    REQUIRE(summary.has_value());
    CHECK(summary->applied == 4);
    CHECK(summary->unchanged == 0);
    CHECK(summary->invalid == 0);
    CHECK(summary->pages == 3);
    CHECK_FALSE(summary->total);
    CHECK(p.stored("1") == session_at("1", ten));
    CHECK(p.stored("4") == session_at("4", ten));
    CHECK(p.urls() ==
          std::vector<std::string>{list_url + "?date_from=1970-01-01T00:00:00Z&limit=100",
                                   link_to(2), link_to(7)});
    REQUIRE(p.progress.size() == 3);
    CHECK(p.progress[1].applied == 3);
}

TEST_CASE("exchange/pull: a request carries the token and names both parties")
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

TEST_CASE("exchange/pull: with several parties every pair is asked for, and counts as one crawl")
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

TEST_CASE("exchange/pull: relative links, and links in a list of several, are followed")
{
    pulling p;
    auto first = page_of(array_of({session_at("1", ten)}));
    first.headers.add("link", R"(</x>; rel="prev", <sessions?offset=1>; title="a, b"; REL=Next)");
    p.script.push_back(first);
    p.script.push_back(page_of("[]"));
    REQUIRE(p.pull().has_value());
    CHECK(p.urls().back() == link_to(1));
}

TEST_CASE("exchange/pull: pages that shift bring sessions twice, which does no harm")
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

TEST_CASE("exchange/pull: the total may lie, be missing or be no number")
{
    for (const char* total : {"1", "0", "999999", "", "many", "-3", "99999999999999999999999"}) {
        CAPTURE(total);
        pulling p;
        p.script.push_back(page_of(array_of({session_at("1", ten)}), link_to(2), total));
        p.script.push_back(page_of(array_of({session_at("2", ten)}), {}, total));
        const auto summary = p.pull();
        REQUIRE(summary.has_value());
        CHECK(summary->applied == 2);
        CHECK(summary->pages == 2);
    }
}

TEST_CASE("exchange/pull: an empty list is a complete run")
{
    pulling p;
    p.script.push_back(page_of("[]", {}, "0"));
    const auto summary = p.pull();
    REQUIRE(summary.has_value());
    CHECK(summary->pages == 1);
    CHECK(summary->total == 0);
}

TEST_CASE("exchange/pull: links in a circle end the run, and what was applied stays")
{
    pulling p;
    p.script.push_back(page_of(array_of({session_at("1", ten)}), link_to(2)));
    p.script.push_back(page_of(array_of({session_at("2", ten)}), link_to(2)));
    const auto failure = failure_of(p.pull());
    CHECK(failure.code() == errc::partner_failure);
    CHECK(failure.text() == "Cpo links its pages in a circle");
    CHECK(p.stored_count() == 2);
    CHECK(p.http->requests().size() == 2);
}

TEST_CASE("exchange/pull: a link to the very first page is a circle too")
{
    pulling p;
    p.script.push_back(page_of(array_of({session_at("1", ten)}),
                               list_url + "?date_from=1970-01-01T00:00:00Z&limit=100"));
    CHECK(failure_of(p.pull()).text().find("circle") != std::string::npos);
}

TEST_CASE("exchange/pull: links without end that bring nothing new end the run")
{
    pulling p;
    int asked = 0;
    p.answer = [&asked](const http::outbound_request&) {
        return page_of(array_of({session_at("1", ten)}), link_to(++asked));
    };
    const auto failure = failure_of(p.pull());
    CHECK(failure.code() == errc::partner_failure);
    CHECK(failure.text().find("nothing new") != std::string::npos);
    CHECK(asked == 4);
    CHECK(p.stored_count() == 1);
}

TEST_CASE("exchange/pull: empty pages that link on, and elements without identity, bring nothing")
{
    for (const char* data : {"[]", R"([7,{"id":7},{"id":""}])"}) {
        pulling p;
        int asked = 0;
        p.answer = [&](const http::outbound_request&) { return page_of(data, link_to(++asked)); };
        failure_of(p.pull());
        CHECK(asked == 3);
    }
}

TEST_CASE("exchange/pull: a few pages that bring nothing new are borne, if not in a row")
{
    pulling p;
    int asked = 0;
    p.answer = [&asked](const http::outbound_request&) {
        const auto page = ++asked;
        return page_of(array_of({session_at(std::to_string(page / 3), ten)}),
                       page < 9 ? link_to(page) : "");
    };
    CHECK(p.pull().has_value());
    CHECK(p.stored_count() == 4);
}

TEST_CASE("exchange/pull: a list without end ends at the most pages")
{
    pulling p;
    p.options.crawl.most_pages = 20;
    int asked = 0;
    p.answer = [&asked](const http::outbound_request&) {
        ++asked;
        return page_of(array_of({session_at(std::to_string(asked), ten)}), link_to(asked));
    };
    CHECK(failure_of(p.pull()).text() == "Cpo has more than 20 pages in its list");
    CHECK(p.stored_count() == 20);
}

TEST_CASE("exchange/pull: a link to another place is not followed, and no token goes there")
{
    for (const char* link :
         {"https://evil.example/s", "http://cpo.example/s", "https://cpo.example:8443/s",
          "//evil.example/s", "https://cpo.example@evil.example/s", "https://cpo.example\r\n/s"}) {
        CAPTURE(link);
        pulling p;
        p.script.push_back(page_of(array_of({session_at("1", ten)}), link));
        const auto failure = failure_of(p.pull());
        CHECK(failure.code() == errc::partner_failure);
        CHECK(failure.text().find("the-secret") == std::string::npos);
        CHECK(p.http->requests().size() == 1);
        CHECK(p.stored_count() == 1);
    }
}

TEST_CASE("exchange/pull: an envelope without a list is an error")
{
    for (const char* data : {"", "null", "{}", "\"x\"", "7"}) {
        CAPTURE(data);
        pulling p;
        p.script.push_back(page_of(data));
        const auto failure = failure_of(p.pull());
        CHECK(failure.code() == errc::partner_failure);
        CHECK(failure.text().find("wrong envelope") != std::string::npos);
        CHECK(p.http->requests().size() == 1);
    }
}

TEST_CASE("exchange/pull: broken objects are counted and named in the log, the good ones applied")
{
    pulling p;
    p.script.push_back(
        page_of(array_of({"7", "null", "[]", "{}", session_at("good", ten),
                          session_text({{"id", R"("bad")"}, {"kwh", R"("many")"}}),
                          session_text({{"id", R"("with no status")"}, {"status", ""}}),
                          session_at(std::string(37, 'x'), ten), session_at("good 2", ten)})));
    const auto summary = p.pull();
    REQUIRE(summary.has_value());
    CHECK(summary->applied == 2);
    CHECK(summary->invalid == 7);
    CHECK(p.stored_count() == 2);
    const auto log = p.log->text();
    CAPTURE(log);
    CHECK(p.log->entries().size() == 7);
    CHECK(log.find("pull from Cpo: /data/0 is not taken over: ") != std::string::npos);
    CHECK(log.find("pull from Cpo: /data/5 (session bad) is not taken over: /kwh must be") !=
          std::string::npos);
    CHECK(log.find("/data/6 (session with no status) is not taken over: /status") !=
          std::string::npos);
}

TEST_CASE("exchange/pull: of a flood of broken objects the log holds the first ones")
{
    pulling p;
    p.options.most_warnings = 5;
    p.script.push_back(page_of(array_of(std::vector<std::string>(50, "{}"))));
    CHECK(p.pull()->invalid == 50);
    CHECK(p.log->entries().size() == 5);
    CHECK(p.log->entries().back().text.ends_with("further ones of this run are only counted"));
}

TEST_CASE("exchange/pull: a session of someone else is not taken over")
{
    pulling p;
    p.cpo.roles.emplace_back(party_role::emsp, party("FR", "XYZ"));
    p.script.push_back(
        page_of(array_of({session_text({{"country_code", R"("FR")"}, {"party_id", R"("XYZ")"}}),
                          session_text({{"country_code", R"("es")"}, {"party_id", R"("abc")"}})})));
    const auto summary = p.pull();
    REQUIRE(summary.has_value());
    CHECK(summary->applied == 1);
    CHECK(summary->invalid == 1);
    CHECK(p.stored_count() == 1);
    CHECK(p.log->text().find("/data/0 (session S1) is not taken over: FR*XYZ is no CPO") !=
          std::string::npos);
}

TEST_CASE("exchange/pull: a status never goes back, and what is older than the stored is no news")
{
    pulling p;
    p.script.push_back(page_of(array_of({session_at("1", eleven), session_at("2", ten)})));
    REQUIRE(p.pull().has_value());
    p.script.push_back(page_of(array_of(
        {session_at("1", ten, "9.0"), session_text({{"id", R"("2")"},
                                                    {"status", R"("PENDING")"},
                                                    {"last_updated", '"' + eleven + '"'}})})));
    const auto summary = p.pull();
    REQUIRE(summary.has_value());
    CHECK(summary->applied == 0);
    CHECK(summary->unchanged == 1);
    CHECK(summary->invalid == 1);
    CHECK(p.stored("1") == session_at("1", eleven));
    CHECK(p.log->text().find("/status may not go back from ACTIVE to PENDING") !=
          std::string::npos);
}

TEST_CASE("exchange/pull: the partner's profile says how strictly its sessions are read")
{
    const auto gap = session_text({{"auth_method", ""}});
    pulling p;
    p.script = {page_of(array_of({gap})), page_of(array_of({gap}))};
    CHECK(p.pull()->invalid == 1);
    p.cpo.profile = auth::profile::tolerant;
    CHECK(p.pull()->applied == 1);
}

TEST_CASE("exchange/pull: a page that fails for a moment is asked for again")
{
    pulling p;
    p.script.push_back(error(errc::partner_failure, "no connection"));
    p.script.push_back(refusal(502, 3000));
    p.script.push_back(page_of(array_of({session_at("1", ten)}), link_to(2)));
    http::response broken;
    broken.status = 503;
    broken.body = "<html>";
    p.script.push_back(broken);
    p.script.push_back(refusal(200, 3001));
    p.script.push_back(page_of(array_of({session_at("2", ten)})));
    const auto summary = p.pull();
    REQUIRE(summary.has_value());
    CHECK(summary->applied == 2);
    CHECK(summary->pages == 2);
    const auto urls = p.urls();
    CHECK(std::count(urls.begin(), urls.end(), link_to(2)) == 3);
}

TEST_CASE("exchange/pull: a page that goes on failing ends the run")
{
    pulling p;
    p.script.push_back(page_of(array_of({session_at("1", ten)}), link_to(2)));
    for (int i = 0; i < 5; ++i) p.script.push_back(refusal(500, 3000));
    const auto failure = failure_of(p.pull());
    CHECK(failure.code() == errc::partner_failure);
    CHECK(failure.text().find("HTTP 500, status code 3000") != std::string::npos);
    CHECK(p.http->requests().size() == 4);
    CHECK(p.stored_count() == 1);
}

TEST_CASE("exchange/pull: a refusal is not asked for again")
{
    for (const auto& [http_status, status_code] : {std::pair(404, 2000), std::pair(200, 2001)}) {
        pulling p;
        p.script.push_back(refusal(http_status, status_code));
        failure_of(p.pull());
        CHECK(p.http->requests().size() == 1);
    }
}

TEST_CASE("exchange/pull: an overloaded store is offered the session again")
{
    pulling p;
    int refused = 0;
    p.crud->before_create = [&refused](const crud::document& document) -> std::optional<error> {
        if (document.key.id.str() != "2" || ++refused > 3) return {};
        return error(errc::overloaded, "busy");
    };
    p.script.push_back(page_of(array_of({session_at("1", ten), session_at("2", ten)})));
    const auto summary = p.pull();
    REQUIRE(summary.has_value());
    CHECK(summary->applied == 2);
    CHECK(refused == 4);
}

TEST_CASE("exchange/pull: a store that fails ends the run, and nothing counts as invalid")
{
    for (const auto code : {errc::storage, errc::overloaded}) {
        pulling p;
        p.crud->before_create = [code](const crud::document& document) -> std::optional<error> {
            if (document.key.id.str() != "2") return {};
            return error(code, "the store is unwell");
        };
        p.script.push_back(page_of(array_of({session_at("1", ten)}), link_to(2)));
        p.script.push_back(page_of(array_of({session_at("2", ten), session_at("3", ten)})));
        CHECK(failure_of(p.pull()).code() == code);
        CHECK(p.stored_count() == 1);
        REQUIRE(p.progress.size() == 1);
        CHECK(p.progress.back().invalid == 0);
    }
}

TEST_CASE("exchange/pull: only a registered CPO with sessions to send is pulled from, by an eMSP")
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

TEST_CASE("exchange/pull: an endpoint's own query and slash are kept, a fragment is not sent")
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

TEST_CASE("exchange/pull: the CPOs behind a hub of version 2.2.1 are pulled through it by name")
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
