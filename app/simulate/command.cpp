#include "app/simulate/command.hpp"

#include "app/file_limit.hpp"
#include "app/finish.hpp"
#include "app/simulate/driver.hpp"
#include "app/simulate/report.hpp"
#include "app/terminal_line.hpp"
#include "server/outbound_client.hpp"

#include <boost/asio/signal_set.hpp>
#include <boost/asio/this_coro.hpp>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <random>
#include <stdexcept>
#include <utility>

namespace ocpi::app::simulate {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr double usual_speed = 60;
constexpr double max_speed = 1'000'000;

std::runtime_error unusable(const char* option, const std::string& wants, const std::string& got)
{
    return std::runtime_error(std::string(option) + " takes " + wants + ", not \"" + got + '"');
}

/// std::nullopt: as fast as the server answers.
std::optional<double> read_speed(const arguments& asked, const scenario& like)
{
    if (asked.speed.empty()) {
        return like.is_unpaced ? std::nullopt : std::optional<double>(usual_speed);
    }
    if (asked.speed == "max") return std::nullopt;
    char* end = nullptr;
    const auto speed = std::strtod(asked.speed.c_str(), &end);
    if (*end != '\0' || !(speed >= 0.01 && speed <= max_speed)) {
        throw unusable("--speed", "a factor from 0.01 to 1000000 or max", asked.speed);
    }
    return speed;
}

std::chrono::seconds read_length(const arguments& asked, const scenario& like)
{
    if (asked.duration.empty()) return like.duration;
    const auto length = parse_duration(asked.duration);
    if (!length) throw unusable("--duration", "a time such as 90s, 30m, 24h or 7d", asked.duration);
    return *length;
}

date_time real_time()
{
    return date_time(std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()));
}

simulation_options read_simulation(const arguments& asked, std::optional<double> speed)
{
    simulation_options options;
    options.like = *find_scenario(asked.scenario);
    auto& like = options.like;
    like.charge_points = asked.charge_points.value_or(like.charge_points);
    like.sessions_per_hour = asked.sessions_per_hour.value_or(like.sessions_per_hour);
    options.max_sessions = asked.sessions.value_or(options.max_sessions);
    const auto owner = parse_party(asked.party);
    if (!owner) throw unusable("--party", "a party such as ES*ABC", asked.party);
    options.owner = *owner;
    options.seed = asked.seed.value_or(std::random_device{}() % 1'000'000);
    const auto length = read_length(asked, like);
    // A clock that is driven goes on from the present.
    options.start = asked.drives_clock ? real_time() : default_start(real_time(), length, speed);
    if (!asked.start.empty()) {
        const auto start = parse_date_time(asked.start);
        if (!start)
            throw unusable("--start", "a DateTime such as 2026-06-01T00:00:00Z", asked.start);
        options.start = start->value;
    }
    options.end = date_time(options.start.instant() + length);
    return options;
}

/// What to type to have the same writes again.
std::string describe_setup(const simulation_options& of, std::optional<double> speed)
{
    char pace[40];
    std::snprintf(pace, sizeof pace, "%g times real time", speed.value_or(0));
    return "scenario " + std::string(of.like.name) + ", " + std::to_string(of.like.charge_points) +
           " charge points of " + ocpi::to_string(of.owner) + ", " +
           (speed ? pace : "as fast as the server answers") + "; the same again: --seed " +
           std::to_string(of.seed) + " --start " + ocpi::to_string(of.start);
}

/// Shows progress on stderr: a line that is redrawn on a terminal, else one every ten seconds.
class progress_display {
public:
    void show(const driver& of)
    {
        const auto now = steady_clock::now();
        const std::chrono::duration<double> since = now - shown_at_;
        const auto writes = of.tally().writes();
        const auto rate = static_cast<double>(writes - shown_writes_) / since.count();
        if (line_.is_terminal()) {
            line_.draw(describe_progress(of, rate));
        } else {
            if (since < std::chrono::seconds(10)) return;
            std::fprintf(stderr, "%s\n", describe_progress(of, rate).c_str());
        }
        shown_at_ = now;
        shown_writes_ = writes;
    }
    void clear() { line_.clear(); }

private:
    terminal_line line_{stderr};
    steady_clock::time_point shown_at_ = steady_clock::now();
    std::uint64_t shown_writes_ = 0;
};

/// Runs to the end; the first SIGINT or SIGTERM ends the simulation, the second one the process.
boost::asio::awaitable<result<void>> run_until_signal(driver& simulator)
{
    auto prepared = co_await simulator.prepare();
    if (prepared.has_error()) co_return prepared.error();
    for (const auto& note : simulator.notes()) std::fprintf(stderr, "note: %s\n", note.c_str());
    std::stop_source stop;
    boost::asio::signal_set signals(co_await boost::asio::this_coro::executor, SIGINT, SIGTERM);
    const auto on_signal = [&](boost::system::error_code failed, int) {
        if (failed) return;
        stop.request_stop();
        // From now on the signals have their usual effect.
        boost::system::error_code ignored;
        signals.clear(ignored);
    };
    signals.async_wait(on_signal);
    co_await simulator.run(stop.get_token());
    signals.cancel();
    co_return prepared;
}

}  // namespace

std::optional<std::chrono::seconds> parse_duration(const std::string& text)
{
    char* end = nullptr;
    const auto count = std::strtod(text.c_str(), &end);
    const std::string unit = end;
    double scale = 0;
    if (unit == "s") scale = 1;
    if (unit == "m") scale = 60;
    if (unit == "h") scale = 3600;
    if (unit == "d") scale = 86'400;
    const auto seconds = count * scale;
    constexpr double ten_years = 315'360'000;
    if (!(seconds >= 1 && seconds <= ten_years)) return std::nullopt;
    return std::chrono::seconds(static_cast<std::chrono::seconds::rep>(seconds));
}

date_time default_start(date_time now, std::chrono::seconds duration, std::optional<double> speed)
{
    const auto simulated = milliseconds(duration);
    const auto real = speed ? milliseconds(static_cast<milliseconds::rep>(
                                  static_cast<double>(simulated.count()) / *speed))
                            : milliseconds(0);
    // Slower than real time, the present is where to begin.
    if (real >= simulated) return now;
    return date_time(std::chrono::floor<std::chrono::seconds>(now.instant() + real - simulated));
}

int run(const arguments& asked)
{
    raise_file_limit();
    const auto speed = read_speed(asked, *find_scenario(asked.scenario));
    const auto options = read_simulation(asked, speed);
    driver_options how;
    how.speed = speed;
    how.drives_clock = asked.drives_clock;
    how.verifies = asked.verifies;
    how.concurrency = asked.concurrency.value_or(options.like.concurrency);
    server::outbound_options outbound;
    outbound.max_idle_per_pool = how.concurrency;
    target_server server(std::make_shared<server::outbound_client>(outbound), asked.url,
                         asked.token, options.owner);
    simulation simulated(options);
    std::fprintf(stderr, "%s\n", describe_setup(options, speed).c_str());
    progress_display display;
    driver simulator(simulated, server, how, [&](const driver& of) { display.show(of); });
    finish(run_until_signal(simulator));
    display.clear();
    if (asked.drives_clock) {
        std::fprintf(stderr,
                     "note: the server's clock stands at %s; PUT /v1/dev/clock {\"now\": null} "
                     "returns it to real time\n",
                     ocpi::to_string(simulator.now()).c_str());
    }
    std::printf("%s", describe_outcome(simulator).c_str());
    return simulator.differences().empty() ? 0 : 1;
}

}  // namespace ocpi::app::simulate
