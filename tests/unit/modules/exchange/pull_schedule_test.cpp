#include "modules/exchange/pull_schedule.hpp"

#include "ocpi/base/pause.hpp"
#include "partners/partner_store.hpp"
#include "tests/unit/modules/exchange/partner_cpo.hpp"

#include <doctest/doctest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>

#include <algorithm>
#include <chrono>
#include <functional>
#include <memory>
#include <string>

namespace pull_schedule_test {

using namespace ocpi;
using namespace ocpi::exchange;
using namespace ocpi::test;
namespace asio = boost::asio;
using std::chrono::milliseconds;

namespace {

/// A schedule over partners that a test plays. Time is real: what waits for long in a test does
/// not come at all, what waits for a moment comes.
struct scheduled {
    std::shared_ptr<crud::memory_crud> crud = std::make_shared<crud::memory_crud>();
    std::shared_ptr<partners::partner_store> partners =
        std::make_shared<partners::partner_store>(crud);
    std::shared_ptr<recording_logger> log = std::make_shared<recording_logger>();
    std::function<asio::awaitable<result<http::response>>(const std::string& partner)> answer;
    std::shared_ptr<scripted_http_client> http = std::make_shared<scripted_http_client>(
        [this](const http::outbound_request& request) { return answer(request.pool); });
    std::vector<party> own_parties{party("DE", "EMP")};
    schedule_options options;
    asio::io_context context;
    std::unique_ptr<pull_schedule> schedule;

    scheduled()
    {
        options.interval = std::chrono::hours(6);
        options.first_retry = milliseconds(1);
        options.max_retry = milliseconds(4);
        options.partner_poll = milliseconds(1);
        answer = [](const std::string&) -> asio::awaitable<result<http::response>> {
            co_return page_of("[]");
        };
    }
    ~scheduled()
    {
        if (!schedule) return;
        asio::co_spawn(context, schedule->stop(), asio::detached);
        context.restart();
        context.run();
    }

    std::shared_ptr<puller> make_puller()
    {
        puller::parts parts;
        parts.crud = crud;
        parts.client = std::make_shared<partners::platform_client>(http);
        parts.own_emsp_parties = own_parties;
        parts.log = log;
        pull_options pulls;
        pulls.crawl.retry_delay = milliseconds(0);
        pulls.crawl.page_retries = 0;
        return std::make_shared<puller>(std::make_shared<sessions::session_writer>(crud),
                                        std::move(parts), pulls);
    }

    void start()
    {
        schedule = std::make_unique<pull_schedule>(make_puller(), partners, log, options);
        schedule->start(context.get_executor());
    }

    void save(const partners::partner& changed)
    {
        const auto before = run_awaitable(partners->find(changed.name));
        std::optional<crud::revision> base;
        if (*before) base = (*before)->revision;
        run_awaitable(partners->save(changed, base)).value();
    }

    long calls(const std::string& partner) const
    {
        const auto all = http->requests();
        return std::count_if(all.begin(), all.end(),
                             [&partner](const auto& request) { return request.pool == partner; });
    }

    /// Runs what is to run until then; fails when it takes unreasonably long.
    void run_until(const std::function<bool()>& is_reached)
    {
        const auto patience = std::chrono::steady_clock::now() + std::chrono::seconds(30);
        while (!is_reached()) {
            REQUIRE(std::chrono::steady_clock::now() < patience);
            context.run_one_for(milliseconds(10));
            context.restart();
        }
    }

    /// Lets the schedule look at its partners that many times.
    void run_polls(int count)
    {
        for (; count > 0; --count) {
            asio::steady_timer timer(context, milliseconds(2));
            bool is_over = false;
            timer.async_wait([&is_over](boost::system::error_code) { is_over = true; });
            run_until([&is_over] { return is_over; });
        }
    }
};

}  // namespace

TEST_CASE("modules/exchange/pull_schedule: every partner that can be pulled from is, at the start")
{
    scheduled s;
    s.save(make_partner("one"));
    s.save(make_partner("two"));
    auto past = make_partner("past");
    past.state = partners::partner_state::unregistered;
    s.save(past);
    auto emsp = make_partner("emsp");
    emsp.roles = {credentials_role(party_role::emsp, party("ES", "ABC"))};
    s.save(emsp);
    auto mute = make_partner("mute");
    mute.endpoints.clear();
    s.save(mute);
    s.start();
    s.run_until([&s] { return s.calls("one") == 1 && s.calls("two") == 1; });
    s.run_polls(5);
    CHECK(s.http->requests().size() == 2);
}

TEST_CASE(
    "modules/exchange/pull_schedule: without a party of ours that is an eMSP nothing is pulled")
{
    scheduled s;
    s.own_parties.clear();
    s.save(make_partner("one"));
    s.start();
    s.run_polls(5);
    CHECK(s.http->requests().empty());
}

TEST_CASE("modules/exchange/pull_schedule: a partner that registers later is pulled from")
{
    scheduled s;
    SUBCASE("as soon as the list is looked at again") {}
    SUBCASE("at once when told")
    {
        s.options.partner_poll = std::chrono::hours(1);
    }
    s.start();
    s.run_polls(3);
    s.save(make_partner("one"));
    s.schedule->partners_changed();
    s.run_until([&s] { return s.calls("one") == 1; });
}

TEST_CASE(
    "modules/exchange/pull_schedule: a partner that changes is pulled from again, with what is new")
{
    scheduled s;
    auto one = make_partner("one");
    s.save(one);
    s.start();
    s.run_until([&s] { return s.calls("one") == 1; });
    one.inbound_tokens.emplace_back("hash", partners::token_standing::current);
    s.save(one);
    s.run_polls(5);
    CHECK(s.calls("one") == 1);
    one.token = "another-secret";
    s.save(one);
    s.run_until([&s] { return s.calls("one") == 2; });
    const auto sent = s.http->requests().back();
    CHECK(*sent.headers.find("Authorization") == "Token YW5vdGhlci1zZWNyZXQ=");
}

TEST_CASE(
    "modules/exchange/pull_schedule: a partner that has left is pulled from no more, until it is "
    "back")
{
    scheduled s;
    s.options.interval = milliseconds(1);
    auto one = make_partner("one");
    s.save(one);
    s.start();
    s.run_until([&s] { return s.calls("one") >= 3; });
    one.state = partners::partner_state::unregistered;
    s.save(one);
    s.run_polls(5);
    const auto calls = s.calls("one");
    s.run_polls(5);
    CHECK(s.calls("one") == calls);
    one.state = partners::partner_state::registered;
    s.save(one);
    s.run_until([&] { return s.calls("one") > calls; });
}

TEST_CASE("modules/exchange/pull_schedule: a run comes again and again after the interval")
{
    scheduled s;
    s.options.interval = milliseconds(2);
    s.save(make_partner("one"));
    s.start();
    s.run_until([&s] { return s.calls("one") == 5; });
    CHECK(s.log->text().find("pull from one: applied 0, unchanged 0, invalid 0 in 1 pages") !=
          std::string::npos);
}

TEST_CASE("modules/exchange/pull_schedule: after a failure it is tried again until it succeeds")
{
    scheduled s;
    int asked = 0;
    s.answer = [&asked](const std::string&) -> asio::awaitable<result<http::response>> {
        if (++asked < 6) co_return error(errc::partner_failure, "no connection");
        co_return page_of("[]");
    };
    s.save(make_partner("one"));
    s.start();
    s.run_until([&s] { return s.calls("one") == 6; });
    s.run_polls(10);
    CHECK(s.calls("one") == 6);
    CHECK(s.log->text().find("pull from one ended early: ") != std::string::npos);
}

TEST_CASE(
    "modules/exchange/pull_schedule: a partner that asks for a pause gets it, whatever wakes us")
{
    scheduled s;
    s.options.interval = milliseconds(1);
    s.answer = [](const std::string& name) -> asio::awaitable<result<http::response>> {
        if (name == "other") co_return page_of("[]");
        auto busy = refused_answer(429, 2000);
        busy.headers.add("Retry-After", "3600");
        co_return busy;
    };
    auto one = make_partner("one");
    s.save(one);
    s.save(make_partner("other"));
    s.start();
    s.run_until([&s] { return s.calls("one") == 1; });
    one.token = "another-secret";
    s.save(one);
    s.run_polls(20);
    s.run_until([&s] { return s.calls("other") >= 5; });
    CHECK(s.calls("one") == 1);
    CHECK(s.log->text().find("it asks not to be called for 3600 s") != std::string::npos);
}

TEST_CASE(
    "modules/exchange/pull_schedule: a partner that never answers delays no other, nor the end")
{
    scheduled s;
    s.options.interval = milliseconds(1);
    s.answer = [](const std::string& name) -> asio::awaitable<result<http::response>> {
        if (name == "dead") co_await pause_for(std::chrono::hours(1));
        co_return page_of("[]");
    };
    s.save(make_partner("dead"));
    s.save(make_partner("one"));
    s.start();
    s.run_until([&s] { return s.calls("one") == 5 && s.calls("dead") == 1; });
    auto stopped = asio::co_spawn(s.context, s.schedule->stop(), asio::use_future);
    s.run_until(
        [&stopped] { return stopped.wait_for(milliseconds(0)) == std::future_status::ready; });
    const auto calls = s.http->requests().size();
    s.run_polls(3);
    CHECK(s.http->requests().size() == calls);
}

TEST_CASE(
    "modules/exchange/pull_schedule: it may be stopped before it starts, twice, and started again")
{
    scheduled s;
    s.save(make_partner("one"));
    s.schedule = std::make_unique<pull_schedule>(s.make_puller(), s.partners, s.log, s.options);
    const auto stop = [&s] {
        auto stopped = asio::co_spawn(s.context, s.schedule->stop(), asio::use_future);
        s.run_until(
            [&stopped] { return stopped.wait_for(milliseconds(0)) == std::future_status::ready; });
    };
    s.schedule->partners_changed();
    stop();
    s.schedule->start(s.context.get_executor());
    stop();
    s.schedule->start(s.context.get_executor());
    s.schedule->start(s.context.get_executor());
    s.run_until([&s] { return s.calls("one") == 1; });
    stop();
    stop();
    s.schedule->start(s.context.get_executor());
    s.run_until([&s] { return s.calls("one") == 2; });
}

TEST_CASE("modules/exchange/pull_schedule: a context that ends first takes along what runs on it")
{
    scheduled s;
    s.answer = [](const std::string&) -> asio::awaitable<result<http::response>> {
        co_await pause_for(std::chrono::hours(1));
        co_return page_of("[]");
    };
    s.save(make_partner("one"));
    pull_schedule schedule(s.make_puller(), s.partners, s.log, s.options);
    {
        asio::io_context context;
        schedule.start(context.get_executor());
        while (s.calls("one") == 0) context.run_one();
    }
    schedule.partners_changed();
    run_awaitable(schedule.stop());
}

TEST_CASE("modules/exchange/pull_schedule: a store that fails for a while is borne")
{
    scheduled s;
    auto broken = std::make_shared<scripted_crud>();
    bool is_broken = true;
    broken->before_get = [&is_broken](std::string_view) -> std::optional<error> {
        if (is_broken) return error(errc::storage, "the disk is full");
        return {};
    };
    s.partners = std::make_shared<partners::partner_store>(broken);
    run_awaitable(s.partners->save(make_partner("one"), {})).value();
    s.start();
    s.run_until([&s] { return s.log->text().find("the disk is full") != std::string::npos; });
    is_broken = false;
    s.run_until([&s] { return s.calls("one") == 1; });
}

TEST_CASE("modules/exchange/pull_schedule: a run on demand and one of the schedule take turns")
{
    scheduled s;
    s.options.interval = milliseconds(0);
    int inside = 0;
    int overlapping = 0;
    int asked = 0;
    s.answer = [&](const std::string&) -> asio::awaitable<result<http::response>> {
        if (++inside > 1) ++overlapping;
        co_await pause_for(milliseconds(1));
        --inside;
        ++asked;
        co_return page_of("[]");
    };
    const auto one = make_partner("one");
    s.save(one);
    const auto pulls = s.make_puller();
    s.schedule = std::make_unique<pull_schedule>(pulls, s.partners, s.log, s.options);
    s.schedule->start(s.context.get_executor());
    int on_demand = 0;
    const auto demand = [&]() -> asio::awaitable<void> {
        for (int i = 0; i < 5; ++i) {
            pull_callback silent;
            const auto pulled = co_await pulls->pull(one, pull_range(), std::move(silent));
            if (pulled.has_value()) ++on_demand;
        }
    };
    asio::co_spawn(s.context, demand(), asio::detached);
    s.run_until([&] { return on_demand == 5 && asked > 6; });
    CHECK(overlapping == 0);
}

}  // namespace pull_schedule_test
