// Requests in which one allocation after another fails.

#include "application/application.hpp"
#include "auth/token_authenticator.hpp"
#include "auth/token_store.hpp"
#include "crud/memory/memory_crud.hpp"
#include "crud/sqlite/sqlite_crud.hpp"
#include "tests/faults/allocation/failing_memory.hpp"
#include "tests/support/run_awaitable.hpp"
#include "tests/support/session_text.hpp"
#include "tests/support/temporary_directory.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <new>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace allocation_test {

using namespace ocpi;

namespace {

constexpr const char* session_target = "/ocpi/emsp/2.3.0/sessions/ES/ABC/S1";

struct asked {
    const char* method;
    std::string target;
    std::string body;
};

const std::vector<asked>& requests()
{
    static const std::vector<asked> all{
        {"PUT", session_target, test::session_text()},
        {"PATCH", session_target,
         R"({"kwh":12,"charging_periods":[{"start_date_time":"2024-01-01T10:40:00Z",)"
         R"("dimensions":[{"type":"ENERGY","volume":1.5}]}],)"
         R"("last_updated":"2024-01-01T10:40:00Z"})"},
        {"GET", session_target, ""},
        {"GET", "/ocpi/cpo/2.3.0/sessions?limit=10", ""},
        {"GET", "/v1/statuses", ""},
        {"GET", "/v1/statistics?q=S1x", ""},
        {"GET", "/ocpi/versions", ""},
        {"PUT", session_target, "{\"id\":"},
        {"GET", "/nowhere", ""},
    };
    return all;
}

/// A platform with one operator on a store.
class platform {
public:
    explicit platform(const std::shared_ptr<Crud>& crud)
    {
        application_options options;
        options.parties.emplace_back(party("ES", "ABC"), options.roles);
        options.public_url = "https://host";
        auth::principal operating;
        operating.name = "op";
        operating.kind = auth::caller_kind::platform_operator;
        std::vector<auth::token_authenticator::configured_token> tokens;
        tokens.emplace_back(std::move(operating), "op");
        application_ = std::make_unique<Application>(
            std::move(options), crud,
            std::make_shared<auth::token_authenticator>(auth::token_store(crud), tokens));
    }

    http::response ask(const asked& what)
    {
        http::request request;
        request.method = what.method;
        request.target = what.target;
        request.body = what.body;
        request.headers.add("Authorization", "Token op");
        return test::run_awaitable(application_->answer(std::move(request)));
    }

    /// std::nullopt: there was no memory for an answer, and a connection would be closed.
    std::optional<http::response> try_to_ask(const asked& what)
    {
        try {
            return ask(what);
        } catch (const std::bad_alloc&) {
            return std::nullopt;
        }
    }

private:
    std::unique_ptr<Application> application_;
};

/// An answer in a shortage is 3000, a 5xx under /v1, or the one of plenty.
bool is_possible(const http::response& answer, int usual)
{
    return answer.status == usual || answer.status >= 500 ||
           answer.body.starts_with(R"({"status_code":3000,)") ||
           // The write was done at a first try, of which the answer was lost.
           (usual == 201 && answer.status == 200);
}

}  // namespace

TEST_CASE("faults/allocation: a request survives whichever of its allocations fails")
{
    std::size_t failures = 0;
    for (const auto& each : requests()) {
        INFO(std::string(each.method), ' ', each.target);
        const auto prepared = [&] {
            auto made = std::make_unique<platform>(std::make_shared<crud::memory_crud>());
            if (std::string(each.method) != "PUT") made->ask(requests()[0]);
            return made;
        };
        const int usual = prepared()->ask(each).status;
        auto running = prepared();
        for (std::size_t at = 1;; ++at) {
            CAPTURE(at);
            std::optional<http::response> answer;
            {
                const test::failing_new memory(at);
                answer = running->try_to_ask(each);
            }
            if (!test::failing_new::has_failed()) break;
            ++failures;
            INFO((answer ? std::to_string(answer->status) + answer->body : std::string()));
            if (answer) CHECK(is_possible(*answer, usual));
            const auto next = running->ask(requests()[2]);
            CHECK((next.status == 200 || next.status == 404));
        }
        CHECK(is_possible(running->ask(each), usual));
    }
    MESSAGE(failures, " allocations failed");
}

TEST_CASE("faults/allocation: a store without memory for SQLite fails, and works again afterwards")
{
    const test::temporary_directory directory;
    crud::sqlite_options options;
    options.path = directory.file("store.db");
    std::size_t failures = 0;
    const auto store = std::make_shared<crud::sqlite_crud>(options);
    platform running(store);
    for (std::size_t number = 0; number < requests().size(); ++number) {
        const auto& each = requests()[number];
        INFO(std::string(each.method), ' ', each.target);
        const int usual = running.ask(each).status;
        for (const bool is_lasting : {false, true}) {
            for (std::size_t at = 1;; at += at < 40 ? 1 : 7) {
                CAPTURE(at);
                // So that a write is one, and no repetition.
                auto changed = each;
                const auto kwh = changed.body.find("\"kwh\":1");
                if (kwh != changed.body.npos) {
                    changed.body.insert(kwh + 7, std::to_string(++failures));
                }
                {
                    const test::failing_sqlite_memory memory(at, is_lasting);
                    const auto answer = running.ask(changed);
                    INFO(answer.status, ' ', answer.body);
                    CHECK(is_possible(answer, usual));
                }
                if (!test::failing_sqlite_memory::has_failed()) break;
                CHECK(is_possible(running.ask(changed), usual));
                CHECK(running.ask(requests()[2]).status == 200);
            }
        }
    }
    MESSAGE(failures, " writes failed or not");
}

}  // namespace allocation_test
