#include "modules/exchange/pull_schedule.hpp"

#include "ocpi/base/pause.hpp"
#include "partners/partner_store.hpp"
#include "tests/unit/modules/exchange/partner_cpo.hpp"

#include <doctest/doctest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>

#include <algorithm>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace pull_schedule_test {

using namespace ocpi;
using namespace ocpi::exchange;
using namespace ocpi::test;
namespace asio = boost::asio;
using std::chrono::milliseconds;

namespace {

/// The time of a schedule, which passes when the test lets it.
class fake_time {
public:
    milliseconds now() const { return now_; }

    /// As schedule_options::wait.
    asio::awaitable<bool> wait(async_event& event, milliseconds time)
    {
        pending own(*this, event, now_ + time);
        const bool is_notified = co_await event.wait();
        co_return is_notified && !own.is_over;
    }

    /// Ends the wait that ends first if it does so by then, and moves to its end; else moves to
    /// `until`, and false.
    bool advance(milliseconds until)
    {
        pending* first = nullptr;
        for (auto* each : pending_) {
            if (!each->is_over && (!first || each->end < first->end)) first = each;
        }
        if (!first || first->end > until) {
            now_ = until;
            return false;
        }
        now_ = std::max(now_, first->end);
        first->is_over = true;
        first->event.notify();
        return true;
    }

private:
    struct pending {
        fake_time& time;
        async_event& event;
        const milliseconds end;
        bool is_over = false;

        pending(fake_time& of, async_event& waits_for, milliseconds until)
            : time(of), event(waits_for), end(until)
        {
            time.pending_.push_back(this);
        }
        ~pending() { std::erase(time.pending_, this); }
        pending(const pending&) = delete;
        pending& operator=(const pending&) = delete;
    };

    milliseconds now_{0};
    std::vector<pending*> pending_;
};

/// A schedule over partners that a test plays.
struct scheduled {
    fake_time time;
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
        options.wait = [this](async_event& event, milliseconds period) {
            return time.wait(event, period);
        };
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
        puller::dependencies parts;
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

    std::shared_ptr<crud::lease_group> make_leases() const
    {
        return std::make_shared<crud::lease_group>(crud, nullptr);
    }

    void start()
    {
        schedule =
            std::make_unique<pull_schedule>(make_puller(), partners, log, make_leases(), options);
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

    /// Runs what is ready to run.
    void run_ready()
    {
        context.restart();
        context.poll();
    }

    /// Lets so much time pass.
    void run_for(milliseconds period)
    {
        const auto end = time.now() + period;
        run_ready();
        while (time.advance(end)) run_ready();
    }

    /// Lets time pass until then, for a second at most.
    void run_until(const std::function<bool()>& is_reached)
    {
        const auto end = time.now() + std::chrono::seconds(1);
        run_ready();
        while (!is_reached()) {
            REQUIRE(time.advance(end));
            run_ready();
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
    s.run_for(milliseconds(5));
    CHECK(s.http->requests().size() == 2);
}

TEST_CASE(
    "modules/exchange/pull_schedule: without a party of ours that is an eMSP nothing is pulled")
{
    scheduled s;
    s.own_parties.clear();
    s.save(make_partner("one"));
    s.start();
    s.run_for(milliseconds(5));
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
    s.run_for(milliseconds(3));
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
    s.run_for(milliseconds(5));
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
    s.run_for(milliseconds(5));
    const auto calls = s.calls("one");
    s.run_for(milliseconds(5));
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
    s.run_for(milliseconds(10));
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
    s.run_for(milliseconds(20));
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
    s.run_for(milliseconds(3));
    CHECK(s.http->requests().size() == calls);
}

TEST_CASE(
    "modules/exchange/pull_schedule: it may be stopped before it starts, twice, and started again")
{
    scheduled s;
    s.save(make_partner("one"));
    s.schedule = std::make_unique<pull_schedule>(s.make_puller(), s.partners, s.log,
                                                 s.make_leases(), s.options);
    const auto stop = [&s] {
        auto stopped = asio::co_spawn(s.context, s.schedule->stop(), asio::use_future);
        s.run_until(
            [&stopped] { return stopped.wait_for(milliseconds(0)) == std::future_status::ready; });
    };
    s.schedule->partners_changed();
    stop();
    s.schedule->start(s.context.get_executor());
    stop();
    // A start that is stopped at once may have called the partner or not.
    const auto before = s.calls("one");
    s.schedule->start(s.context.get_executor());
    s.schedule->start(s.context.get_executor());
    s.run_until([&] { return s.calls("one") == before + 1; });
    stop();
    stop();
    s.schedule->start(s.context.get_executor());
    s.run_until([&] { return s.calls("one") == before + 2; });
}

TEST_CASE("modules/exchange/pull_schedule: a context that ends first takes along what runs on it")
{
    scheduled s;
    s.answer = [](const std::string&) -> asio::awaitable<result<http::response>> {
        co_await pause_for(std::chrono::hours(1));
        co_return page_of("[]");
    };
    s.save(make_partner("one"));
    pull_schedule schedule(s.make_puller(), s.partners, s.log, s.make_leases(), s.options);
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
        // Meanwhile the next run of the schedule is due.
        s.time.advance(s.time.now());
        co_await asio::post(co_await asio::this_coro::executor, asio::use_awaitable);
        --inside;
        ++asked;
        co_return page_of("[]");
    };
    const auto one = make_partner("one");
    s.save(one);
    const auto pulls = s.make_puller();
    s.schedule =
        std::make_unique<pull_schedule>(pulls, s.partners, s.log, s.make_leases(), s.options);
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
