#include "app/simulate/driver.hpp"

#include "ocpi/base/pause.hpp"
#include "ocpi/base/task_scope.hpp"

#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <exception>
#include <stdexcept>
#include <utility>

namespace ocpi::app::simulate {
namespace {

using boost::asio::awaitable;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

/// Without a pace, what happens within a minute is sent together.
constexpr milliseconds unpaced_step = std::chrono::minutes(1);
constexpr milliseconds clock_tick{250};

/// Runs coroutines at the same time; rethrows what one of them has thrown.
class crew {
public:
    crew()
        : scope_([this](const std::exception& thrown) {
              if (!failure_) failure_ = thrown.what();
          })
    {
    }

    void start(const boost::asio::any_io_executor& executor,
               const std::function<void(task_scope::tasks&)>& spawn)
    {
        scope_.start(executor, spawn);
    }
    awaitable<void> join()
    {
        co_await scope_.join();
        if (failure_) throw std::runtime_error(*failure_);
    }
    awaitable<void> stop()
    {
        scope_.cancel();
        co_await join();
    }

private:
    std::optional<std::string> failure_;
    task_scope scope_;
};

}  // namespace

driver::driver(simulation& simulated, target_server& server, driver_options options,
               std::function<void(const driver&)> show)
    : simulated_(simulated),
      server_(server),
      options_(options),
      show_(std::move(show)),
      now_(simulated.options().start)
{
    const auto& like = simulated_.options().like;
    reads_preferences_ = like.reads_preferences && options_.speed.has_value();
    const bool shares_clock = options_.drives_clock || options_.speed == 1.0;
    follows_plans_ = like.is_overnight && shares_clock;
    if (like.is_overnight && !shares_clock) {
        notes_.push_back(
            "plans are not followed, because the server's clock is not the simulation's: "
            "use --drive-clock with a server in development mode, or --speed 1");
    }
}

steady_clock::duration driver::elapsed() const
{
    return (ended_ == time_point() ? steady_clock::now() : ended_) - begun_;
}

awaitable<void> driver::run(std::stop_token stop)
{
    stop_ = stop;
    begun_ = steady_clock::now();
    const auto executor = co_await boost::asio::this_coro::executor;
    crew display;
    const std::function<void(task_scope::tasks&)> show = [this](task_scope::tasks& tasks) {
        tasks.spawn(show_progress(tasks.stop_token()));
    };
    display.start(executor, show);
    crew senders;
    const std::function<void(task_scope::tasks&)> send = [&](task_scope::tasks& tasks) {
        tasks.spawn(keep_pace(stop));
        for (std::size_t i = 0; i < options_.concurrency; ++i) tasks.spawn(send_writes());
    };
    senders.start(executor, send);
    co_await senders.join();
    ended_ = steady_clock::now();
    if (options_.verifies) {
        is_verifying_ = true;
        crew verifiers;
        const std::function<void(task_scope::tasks&)> check = [&](task_scope::tasks& tasks) {
            for (std::size_t i = 0; i < options_.concurrency; ++i) tasks.spawn(verify_sessions());
        };
        verifiers.start(executor, check);
        co_await verifiers.join();
    }
    co_await display.stop();
}

awaitable<result<void>> driver::prepare()
{
    auto connected = co_await server_.connect();
    if (connected.has_error()) co_return connected.error();
    if (options_.drives_clock) {
        auto set = co_await server_.set_clock(now_);
        if (set.has_error()) {
            co_return error(errc::partner_failure,
                            "the server's clock cannot be set (" + set.error().text() +
                                "): --drive-clock needs a server in development mode (serve "
                                "--dev) and an operator's token");
        }
    }
    for (const auto& each : simulated_.fleet().tariffs) {
        const auto answered = co_await server_.put_tariff(each);
        if (answered.has_value() && (!*answered || is_accepted(**answered))) continue;
        const auto why = answered.has_error() ? answered.error().text() : (*answered)->describe();
        notes_.push_back("the server does not take tariff " + each.id + ": " + why);
    }
    if (!follows_plans_) co_return result<void>();
    const auto& vehicles = simulated_.fleet().vehicles;
    for (std::size_t i = 0; i < vehicles.size(); ++i) {
        auto policy = write_policy(simulated_.fleet(), i);
        const auto put = co_await server_.put_policy(vehicles[i], std::move(policy));
        if (put.has_value()) continue;
        notes_.push_back("the server takes no policies (" + put.error().text() +
                         "): vehicles charge at once; policies need an operator's token");
        follows_plans_ = false;
        break;
    }
    co_return result<void>();
}

awaitable<void> driver::keep_pace(std::stop_token stop)
{
    const auto& end = simulated_.options().end;
    while (!stop.stop_requested()) {
        const auto next = simulated_.next();
        if (!next) break;
        if (options_.speed) {
            if (!co_await wait_until(*next, stop)) break;
        } else {
            now_ = std::min(end, date_time(next->instant() + unpaced_step));
            co_await move_clock(now_);
        }
        auto due = simulated_.advance(now_);
        for (auto& each : due) co_await enqueue(std::move(each));
        // A plan must be there before its session goes on.
        while (!options_.speed && follows_plans_ && outstanding_ > 0) co_await room_.wait();
    }
    auto rest = simulated_.flush(now_);
    for (auto& each : rest) co_await enqueue(std::move(each));
    is_closed_ = true;
    work_.notify();
}

/// False: stopped.
awaitable<bool> driver::wait_until(date_time next, std::stop_token stop)
{
    const auto& start = simulated_.options().start;
    const auto wall_of = [&](date_time at) {
        const std::chrono::duration<double> simulated = at.instant() - start.instant();
        return begun_ +
               std::chrono::duration_cast<steady_clock::duration>(simulated / *options_.speed);
    };
    for (;;) {
        const std::chrono::duration<double, std::milli> real = steady_clock::now() - begun_;
        const auto reached =
            milliseconds(static_cast<milliseconds::rep>(real.count() * *options_.speed));
        now_ = std::max(now_, date_time(start.instant() + reached));
        now_ = std::min(now_, simulated_.options().end);
        co_await move_clock(now_);
        if (now_ >= next) co_return true;
        const auto due = wall_of(next) + milliseconds(1);
        auto pause = due - steady_clock::now();
        if (options_.drives_clock) {
            pause = std::min<steady_clock::duration>(pause, clock_tick);
        }
        co_await stoppable_pause(pause, stop);
        if (stop.stop_requested()) co_return false;
    }
}

awaitable<void> driver::move_clock(date_time now)
{
    if (!options_.drives_clock || clock_at_ == now) co_return;
    clock_at_ = now;
    // A tick that gets lost is made good by the next one.
    (void)co_await server_.set_clock(now);
}

awaitable<void> driver::verify_sessions()
{
    while (next_to_verify_ < simulated_.size()) co_await verify(next_to_verify_++);
}

awaitable<void> driver::verify(std::size_t index)
{
    const auto& session = simulated_.session(index);
    if (session.status().empty()) co_return;
    const auto answered = co_await server_.get_session(session.id());
    ++verified_;
    const auto data =
        answered.has_value() && answered->is_success() ? answered->data() : std::nullopt;
    if (!data) {
        difference missing;
        missing.session = session.id();
        missing.expected = "the session";
        missing.got = describe(answered);
        differences_.push_back(std::move(missing));
        co_return;
    }
    const auto sent = json::parse(session.document()).value();
    auto found = compare_sessions(session.id(), sent.root(), *data);
    std::move(found.begin(), found.end(), std::back_inserter(differences_));
}

awaitable<void> driver::show_progress(std::stop_token stop)
{
    while (!stop.stop_requested()) {
        co_await stoppable_pause(std::chrono::seconds(1), stop);
        if (!stop.stop_requested()) show_(*this);
    }
}

}  // namespace ocpi::app::simulate
