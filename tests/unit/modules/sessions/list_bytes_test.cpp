// Lists whose pages are bounded in bytes, crawled to their end.

#include "ocpi/json/document.hpp"
#include "tests/support/many_callers.hpp"
#include "tests/support/session_text.hpp"
#include "tests/support/tariff_text.hpp"

#include <doctest/doctest.h>

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace list_bytes_test {

using namespace ocpi;

namespace {

constexpr std::size_t page_bytes = 5'000;
/// The sizes of the objects of the list, but for some 500 bytes each.
const std::vector<std::size_t> sizes{1'000, 2'000, 1'000, 9'000, 100, 100, 100, 3'000, 100};

application_options with_short_pages()
{
    application_options options;
    options.page_limits.max_bytes = page_bytes;
    return options;
}

std::string id_of(std::size_t i)
{
    return "S" + std::to_string(i);
}

struct crawled : test::many_callers {
    crawled() : many_callers(with_short_pages()) {}

    /// Settled sessions, of which each ends a minute after the one before.
    void put_sessions() { put_sessions("/ocpi/cpo/2.3.0/sessions/ES/ABC/", R"("ES")", R"("ABC")"); }
    void put_received_sessions()
    {
        put_sessions("/ocpi/emsp/2.3.0/sessions/BE/BEC/", R"("BE")", R"("BEC")");
    }
    void put_sessions(const std::string& where, const char* country_code, const char* party_id)
    {
        for (std::size_t i = 0; i < sizes.size(); ++i) {
            const auto end = R"("2024-01-01T10:3)" + std::to_string(i) + R"(:00Z")";
            const auto filler = '"' + std::string(sizes[i], 'x') + '"';
            const auto text = test::session_text({{"country_code", country_code},
                                                  {"party_id", party_id},
                                                  {"id", '"' + id_of(i) + '"'},
                                                  {"status", R"("COMPLETED")"},
                                                  {"end_date_time", end},
                                                  {"filler", filler}});
            REQUIRE(ask("op", "PUT", where + id_of(i), text).status == 201);
        }
    }
    void put_tariffs()
    {
        for (std::size_t i = 0; i < sizes.size(); ++i) {
            const auto filler = '"' + std::string(sizes[i], 'x') + '"';
            const auto text = test::tariff_text({{"id", '"' + id_of(i) + '"'}, {"filler", filler}});
            const auto path = "/ocpi/cpo/2.3.0/tariffs/ES/ABC/" + id_of(i);
            REQUIRE(ask("op", "PUT", path, text).status == 201);
        }
    }

    /// The ids of a list, in order, and how many pages they came on. Every page keeps to its bytes
    /// and tells of the list what is true.
    std::pair<std::string, int> crawl(const std::string& token, std::string target)
    {
        std::string ids;
        for (int pages = 1; pages < 100; ++pages) {
            const auto answered = ask(token, "GET", target);
            REQUIRE(answered.status == 200);
            const auto envelope = json::parse(answered.body).value();
            const auto objects = *envelope.root().find("data");
            CHECK((objects.text().size() <= page_bytes + objects.size() || objects.size() == 1));
            for (const auto object : objects) ids += std::string(object.find("id")->string()) + ' ';
            CHECK(*answered.headers.find("X-Total-Count") == std::to_string(sizes.size()));
            CHECK(*answered.headers.find("X-Limit") == "4");
            const auto* link = answered.headers.find("Link");
            if (!link) return {ids, pages};
            CHECK(link->starts_with("<https://host/"));
            CHECK(link->find("limit=4") != std::string::npos);
            target = link->substr(std::string("<https://host").size());
            target.resize(target.find('>'));
        }
        return {ids, 0};
    }
};

const std::string all_ids = "S0 S1 S2 S3 S4 S5 S6 S7 S8 ";

}  // namespace

TEST_CASE("modules/sessions/list_bytes: a crawl of short pages sees every object once, in order")
{
    crawled server;
    SUBCASE("of a store that keeps to the bytes") {}
    SUBCASE("of a store that does not know of them")
    {
        server.crud->ignores_max_bytes = true;
    }
    server.put_sessions();
    server.put_received_sessions();
    server.put_tariffs();
    const auto expect = [&server](const char* token, const char* list) {
        CAPTURE(list);
        const auto [ids, pages] = server.crawl(token, std::string(list) + "?limit=4");
        CHECK(ids == all_ids);
        CHECK(pages > 3);  // which four objects on a page would make
    };
    expect("emsp", "/ocpi/cpo/2.3.0/sessions");
    expect("op", "/ocpi/cpo/2.3.0/sessions");
    expect("emsp", "/ocpi/cpo/2.2.1/sessions");
    expect("op", "/ocpi/emsp/2.3.0/sessions");
    expect("emsp", "/ocpi/cpo/2.3.0/tariffs");
    expect("op", "/ocpi/emsp/2.3.0/tariffs");
}

namespace {

/// A page under /v1.
struct settled_page {
    std::vector<std::string> ids;
    std::size_t bytes = 0;
    std::string before;
    std::string after;
};

settled_page read_settled(crawled& server, const std::string& query)
{
    const auto answered = server.ask("driver", "GET", "/v1/sessions?pageSize=9" + query);
    REQUIRE(answered.status == 200);
    const auto body = json::parse(answered.body).value();
    settled_page page;
    const auto data = *body.root().find("data");
    for (const auto view : data) {
        page.ids.emplace_back(view.find("id")->string());
        page.bytes += view.text().size();
    }
    const auto pagination = *body.root().find("pagination");
    page.before = pagination.find("before")->string();
    page.after = pagination.find("after")->string();
    return page;
}

}  // namespace

TEST_CASE("modules/sessions/list_bytes: the settled sessions are paged both ways by short pages")
{
    crawled server;
    server.put_sessions();
    std::vector<std::string> downwards;
    std::string cursor;
    settled_page page;
    int pages = 0;
    do {
        page = read_settled(server, cursor);
        CHECK((page.bytes <= page_bytes || page.ids.size() == 1));
        downwards.insert(downwards.end(), page.ids.begin(), page.ids.end());
        cursor = "&after=" + page.after;
        REQUIRE(++pages < 20);
    } while (!page.after.empty());
    CHECK(downwards.size() == sizes.size());
    CHECK(pages > 2);

    std::vector<std::string> upwards = page.ids;
    while (!page.before.empty()) {
        REQUIRE(++pages < 40);
        page = read_settled(server, "&before=" + page.before);
        CHECK((page.bytes <= page_bytes || page.ids.size() == 1));
        upwards.insert(upwards.begin(), page.ids.begin(), page.ids.end());
    }
    CHECK(upwards == downwards);
}

}  // namespace list_bytes_test
