// A pull from our own server: what it serves as a CPO is what it keeps as an eMSP.

#include "modules/exchange/pull.hpp"

#include "application/application.hpp"
#include "crud/memory/memory_crud.hpp"
#include "tests/support/run_awaitable.hpp"
#include "tests/support/scripted_http_client.hpp"
#include "tests/unit/modules/exchange/partner_cpo.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <random>
#include <string>

namespace pull_from_server_test {

using namespace ocpi;
using namespace ocpi::exchange;
using namespace ocpi::test;
using crud::interface_side;

namespace {

using std::chrono::minutes;

/// Knows one caller: the eMSP DE*EMP.
class one_partner final : public Authenticator {
public:
    boost::asio::awaitable<result<std::shared_ptr<const auth::principal>>> authenticate(
        std::string authorization) override
    {
        if (authorization != "Token dGhlLXNlY3JldA==") {
            co_return std::shared_ptr<const auth::principal>();
        }
        auto emsp = std::make_shared<auth::principal>();
        emsp->name = "emsp";
        emsp->roles.emplace_back(party_role::emsp, party("DE", "EMP"));
        co_return std::shared_ptr<const auth::principal>(std::move(emsp));
    }
};

/// The CPO ES*ABC as a server, and an eMSP that pulls from it.
struct two_platforms {
    std::shared_ptr<crud::memory_crud> theirs = std::make_shared<crud::memory_crud>();
    std::shared_ptr<crud::memory_crud> ours = std::make_shared<crud::memory_crud>();
    std::shared_ptr<adjustable_clock> their_time = std::make_shared<adjustable_clock>();
    std::shared_ptr<adjustable_clock> our_time = std::make_shared<adjustable_clock>();
    std::unique_ptr<Application> server;
    /// Called before every request but the first of a run.
    std::function<void()> between_pages;
    int requests_of_run = 0;
    std::shared_ptr<scripted_http_client> http = std::make_shared<scripted_http_client>(
        [this](const http::outbound_request& request) { return serve(request); });

    explicit two_platforms(std::uint64_t max_page, std::uint64_t page_bytes = 8'000'000)
    {
        application_options options;
        options.parties.emplace_back(party("ES", "ABC"), std::vector{party_role::cpo});
        options.public_url = "https://cpo.example";
        options.page_limits.default_limit = max_page;
        options.page_limits.max_limit = max_page;
        options.page_limits.max_bytes = page_bytes;
        options.time = their_time;
        server = std::make_unique<Application>(std::move(options), theirs,
                                               std::make_shared<one_partner>());
        set_time(instant("2024-06-01T12:00:00Z"), minutes(0));
    }

    void set_time(date_time now, minutes their_clock_is_fast)
    {
        our_time->set(now);
        their_time->set(date_time(now.instant() + their_clock_is_fast));
    }

    void advance(minutes time)
    {
        our_time->set(date_time(our_time->now().instant() + time));
        their_time->set(date_time(their_time->now().instant() + time));
    }

    void write(const std::string& id, date_time last_updated, const std::string& kwh)
    {
        const crud::object_key key("ES", "ABC", id);
        crud::document document(key, session_at(id, to_string(last_updated), kwh), last_updated,
                                party("DE", "EMP"));
        const auto before = run_awaitable(theirs->get("sessions", interface_side::sender, key));
        if (before.has_value()) {
            run_awaitable(
                theirs->update("sessions", interface_side::sender, document, before->revision))
                .value();
        } else {
            run_awaitable(theirs->create("sessions", interface_side::sender, document)).value();
        }
    }

    /// One run of a new puller: the process has been started anew.
    result<pull_summary> pull()
    {
        puller::dependencies parts;
        parts.crud = ours;
        parts.client = std::make_shared<partners::platform_client>(http);
        parts.own_emsp_parties = {party("DE", "EMP")};
        parts.time = our_time;
        puller pulls(std::make_shared<sessions::session_writer>(ours), std::move(parts));
        requests_of_run = 0;
        return run_awaitable(pulls.pull(make_cpo(), {}, {}));
    }

    static std::map<std::string, std::string> contents(crud::memory_crud& store)
    {
        crud::list_query query;
        query.limit = 100'000;
        std::map<std::string, std::string> all;
        const auto page = run_awaitable(store.list("sessions", interface_side::sender, query));
        for (const auto& record : page->records) {
            all[record.document.key.id.str()] = record.document.json;
        }
        return all;
    }

private:
    boost::asio::awaitable<result<http::response>> serve(const http::outbound_request& request)
    {
        constexpr std::string_view origin = "https://cpo.example";
        REQUIRE(request.url.starts_with(origin));
        if (requests_of_run++ > 0 && between_pages) between_pages();
        http::request received;
        received.method = request.method;
        received.target = request.url.substr(origin.size());
        received.headers = request.headers;
        received.body = request.body;
        auto answered = co_await server->answer(std::move(received));
        co_return answered;
    }
};

}  // namespace

TEST_CASE("modules/exchange/pull_from_server: after a run both platforms hold the same sessions")
{
    two_platforms platforms(7);
    for (int i = 0; i < 50; ++i) {
        platforms.write("S" + std::to_string(i), instant("2024-06-01T10:00:00Z"),
                        std::to_string(i));
    }
    const auto summary = platforms.pull();
    REQUIRE(summary.has_value());
    CHECK(summary->applied == 50);
    CHECK(summary->pages == 8);
    CHECK(summary->total == 50);
    CHECK(platforms.contents(*platforms.ours) == platforms.contents(*platforms.theirs));
    const auto again = platforms.pull();
    REQUIRE(again.has_value());
    CHECK(again->applied == 0);
    CHECK(again->unchanged == 50);
}

TEST_CASE(
    "modules/exchange/pull_from_server: pages that are shorter than their limit are all followed")
{
    two_platforms platforms(7, 1);
    for (int i = 0; i < 20; ++i) {
        platforms.write("S" + std::to_string(i), instant("2024-06-01T10:00:00Z"),
                        std::to_string(i));
    }
    const auto summary = platforms.pull();
    REQUIRE(summary.has_value());
    CHECK(summary->applied == 20);
    CHECK(summary->pages == 20);
    CHECK(platforms.contents(*platforms.ours) == platforms.contents(*platforms.theirs));
}

TEST_CASE(
    "modules/exchange/pull_from_server: whatever changes while a run goes on, nothing is skipped")
{
    const auto seed = std::random_device()();
    CAPTURE(seed);
    std::mt19937 random(seed);
    const auto pick = [&random](int lowest, int highest) {
        return std::uniform_int_distribution<int>(lowest, highest)(random);
    };
    for (int round = 0; round < 25; ++round) {
        CAPTURE(round);
        two_platforms platforms(static_cast<std::uint64_t>(pick(4, 12)));
        platforms.set_time(instant("2024-06-01T12:00:00Z"), minutes(pick(-90, 90)));
        int sessions = 0;
        // A session is published up to 9 minutes after its last_updated, which never falls.
        std::map<int, date_time> last_updated;
        const auto change = [&](int id) {
            const auto now = platforms.their_time->now().instant();
            auto& updated = last_updated[id];
            updated = std::max(updated, date_time(now - minutes(pick(0, 9))));
            platforms.write("S" + std::to_string(id), updated, std::to_string(pick(0, 1'000'000)));
        };
        const auto change_some = [&](int most) {
            for (int count = pick(0, most); count > 0; --count) {
                const int id = pick(0, sessions);
                sessions = std::max(sessions, id + 1);
                change(id);
            }
            platforms.advance(minutes(pick(0, 15)));
        };
        for (int i = 0; i < 10; ++i) change_some(8);
        for (int run = 0; run < 6; ++run) {
            platforms.between_pages = [&] { change_some(2); };
            const auto before = platforms.contents(*platforms.theirs);
            REQUIRE(platforms.pull().has_value());
            const auto pulled = platforms.contents(*platforms.ours);
            for (const auto& [id, json] : before) CHECK(pulled.contains(id));
            change_some(20);
        }
        platforms.between_pages = nullptr;
        REQUIRE(platforms.pull().has_value());
        CHECK(platforms.contents(*platforms.ours) == platforms.contents(*platforms.theirs));
    }
}

}  // namespace pull_from_server_test
