// The table of sessions against the pages of the list, on both stores.

#include "modules/status/status_table.hpp"

#include "application/application.hpp"
#include "auth/authorization.hpp"
#include "auth/token_authenticator.hpp"
#include "auth/token_store.hpp"
#include "crud/memory/memory_crud.hpp"
#include "crud/sqlite/sqlite_crud.hpp"
#include "modules/sessions/session_record.hpp"
#include "ocpi/json/document.hpp"
#include "tests/support/run_awaitable.hpp"
#include "tests/support/temporary_directory.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace status_table_test {

using namespace ocpi;
using test::run_awaitable;

namespace {

constexpr int session_count = 230;

std::string session_text(int number)
{
    const auto id = std::to_string(number);
    const auto minute = std::to_string(10 + number % 50);
    const std::string name = number % 10 == 0 ? "=cmd" : "LOC" + id;
    return R"({"country_code":"BE","party_id":"BEC","id":"S)" + id +
           R"(","start_date_time":"2026-06-01T08:00:00Z","end_date_time":"2026-06-01T09:00:00Z",)"
           R"("kwh":1.5,"location_id":")" +
           name + R"(","currency":"EUR","total_cost":{"before_taxes":0.25},"status":)" +
           (number % 3 == 0 ? R"("INVALID")" : R"("COMPLETED")") +
           R"(,"last_updated":"2026-06-01T09:)" + minute + R"(:00Z"})";
}

/// A server with an operator, asked without sockets.
class server {
public:
    explicit server(const std::shared_ptr<Crud>& crud)
    {
        for (int i = 0; i < session_count; ++i) {
            const auto updated =
                parse_date_time("2026-06-01T09:" + std::to_string(10 + i % 50) + ":00Z");
            crud::document made(crud::object_key("BE", "BEC", "S" + std::to_string(i)),
                                session_text(i), updated->value, std::nullopt);
            REQUIRE(sessions::set_index_values(made));
            REQUIRE(run_awaitable(
                        crud->create(sessions::session_records, crud::interface_side::sender, made))
                        .has_value());
        }
        auth::principal identity;
        identity.kind = auth::caller_kind::platform_operator;
        identity.name = "operator";
        auth::token_store tokens(crud);
        run_awaitable(tokens.add(std::move(identity), "secret")).value();
        auto time = std::make_shared<adjustable_clock>();
        time->set(parse_date_time("2026-06-01T12:00:00Z")->value);
        application_options options;
        options.development_clock = time;
        application_ = std::make_unique<Application>(
            std::move(options), crud,
            std::make_shared<auth::token_authenticator>(auth::token_store(crud)));
    }

    http::response ask(const std::string& target)
    {
        http::request asked;
        asked.method = "GET";
        asked.target = target;
        asked.headers.add("Authorization", auth::write_authorization("secret"));
        return run_awaitable(application_->answer(asked));
    }

    std::vector<std::string> lines_of(const std::string& target)
    {
        const auto answered = ask(target);
        REQUIRE(answered.status == 200);
        REQUIRE(answered.stream);
        std::string text;
        while (auto piece = run_awaitable(answered.stream->next())) text += *piece;
        std::vector<std::string> lines;
        for (std::size_t begin = 0; begin < text.size();) {
            const auto end = text.find("\r\n", begin);
            REQUIRE(end != text.npos);
            lines.push_back(text.substr(begin, end - begin));
            begin = end + 2;
        }
        return lines;
    }

    std::vector<std::string> ids_of(const std::string& filter)
    {
        std::vector<std::string> ids;
        std::string cursor;
        for (bool is_last = false; !is_last;) {
            const auto page = ask("/v1/statuses?pageSize=100" + filter + cursor);
            REQUIRE(page.status == 200);
            const auto parsed = json::parse(page.body);
            const auto rows = parsed->root().find("data");
            for (const auto each : *rows) {
                ids.emplace_back(each.find_string("id"));
            }
            const auto next = parsed->root().find("pagination")->find_string("after");
            is_last = next.empty();
            cursor = "&after=" + std::string(next);
        }
        return ids;
    }

private:
    std::unique_ptr<Application> application_;
};

void check_tables(const std::shared_ptr<Crud>& crud)
{
    server asked(crud);
    for (const std::string filter : {"", "&state=completed", "&q=loc1", "&state=live"}) {
        CAPTURE(filter);
        const auto ids = asked.ids_of(filter);
        const auto lines = asked.lines_of("/v1/sessions.csv?pageSize=1" + filter);
        REQUIRE(lines.size() == ids.size() + 1);
        CHECK(lines.front().starts_with("id,policyId,status,startedAt,"));
        for (std::size_t i = 0; i < ids.size(); ++i) CHECK(lines[i + 1].starts_with(ids[i] + ","));
    }
    CHECK(asked.ids_of("").size() == session_count);
    const auto hostile = asked.lines_of("/v1/sessions.csv?q=%3Dcmd");
    REQUIRE(hostile.size() == 24);
    CHECK(hostile[1].find(",'=cmd,") != std::string::npos);
    // More than are priced one by one.
    const auto statistics = asked.ask("/v1/statistics").body;
    CHECK(statistics.find(R"("totals":{"sessions":230,"kwh":345,"costs":[{"currency":"EUR",)"
                          R"("amount":57.5}]},"notes":[)") != std::string::npos);
    const auto few = asked.ask("/v1/statistics?state=completed").body;
    CHECK(few.find(R"("totals":{"sessions":153,"kwh":229.5,"costs":[{"currency":"EUR",)"
                   R"("amount":38.25}]}})") != std::string::npos);
}

}  // namespace

TEST_CASE("modules/status/status_table: the table has the sessions of all pages, in memory")
{
    check_tables(std::make_shared<crud::memory_crud>());
}

TEST_CASE("modules/status/status_table: the table has the sessions of all pages, on SQLite")
{
    const test::temporary_directory directory;
    crud::sqlite_options options;
    options.path = directory.file("store.db");
    check_tables(std::make_shared<crud::sqlite_crud>(options));
}

}  // namespace status_table_test
