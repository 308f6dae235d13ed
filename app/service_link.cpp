#include "app/service_link.hpp"

#include "app/take_environment.hpp"
#include "ocpi/base/async_event.hpp"

#include <boost/asio/awaitable.hpp>

#include <unistd.h>

#include <charconv>
#include <ctime>
#include <exception>
#include <stop_token>
#include <string_view>
#include <system_error>
#include <utility>

namespace ocpi::app {

namespace asio = boost::asio;

namespace {

std::optional<long long> parse_positive(std::string_view text)
{
    long long value = 0;
    const auto* const end = text.data() + text.size();
    const auto [stop, problem] = std::from_chars(text.data(), end, value);
    if (problem != std::errc() || stop != end || value <= 0) return std::nullopt;
    return value;
}

/// What relates RELOADING=1 to the READY=1 that follows it.
std::string monotonic_usec()
{
    timespec now{};
    ::clock_gettime(CLOCK_MONOTONIC, &now);
    return std::to_string(static_cast<long long>(now.tv_sec) * 1'000'000 + now.tv_nsec / 1000);
}

asio::awaitable<void> feed_watchdog(std::shared_ptr<notify_socket> socket,
                                    std::chrono::microseconds pause, std::stop_token stop)
{
    async_event never;
    for (;;) {
        co_await never.wait_for(pause, stop);
        if (stop.stop_requested()) co_return;
        socket->send("WATCHDOG=1");
    }
}

}  // namespace

std::optional<std::chrono::microseconds> watchdog_period(const std::optional<std::string>& usec,
                                                         const std::optional<std::string>& pid,
                                                         pid_t own_pid)
{
    if (!usec) return std::nullopt;
    if (pid && parse_positive(*pid) != own_pid) return std::nullopt;
    const auto period = parse_positive(*usec);
    if (!period) return std::nullopt;
    return std::chrono::microseconds(*period);
}

service_link::service_link(std::shared_ptr<notify_socket> socket,
                           std::optional<std::chrono::microseconds> period,
                           std::shared_ptr<logger> log)
    : socket_(std::move(socket)), period_(period), log_(std::move(log))
{
}

void service_link::on_ready(const asio::any_io_executor& executor,
                            const std::vector<std::string>& urls)
{
    if (!socket_) return;
    std::string status = "READY=1\nSTATUS=listening on";
    for (const auto& url : urls) status += ' ' + url;
    tell(status);
    if (!period_) return;
    const auto spawn_first = [this](task_scope::tasks& tasks) {
        tasks.spawn(feed_watchdog(socket_, *period_ / 2, tasks.stop_token()));
    };
    watchdog_.start(executor, spawn_first);
}

void service_link::on_reloading()
{
    tell("RELOADING=1\nMONOTONIC_USEC=" + monotonic_usec());
}

void service_link::on_reloaded()
{
    tell("READY=1");
}

void service_link::on_stopping()
{
    tell("STOPPING=1\nSTATUS=answering the requests in progress");
    watchdog_.cancel();
}

void service_link::tell(const std::string& state)
{
    if (!socket_ || socket_->send(state)) return;
    log_->write(log_level::warning,
                "the service manager does not receive " + state.substr(0, state.find('\n')));
}

std::unique_ptr<service_link> make_service_link(std::shared_ptr<logger> log)
{
    const auto address = take_environment("NOTIFY_SOCKET");
    const auto usec = take_environment("WATCHDOG_USEC");
    const auto pid = take_environment("WATCHDOG_PID");
    std::shared_ptr<notify_socket> socket;
    try {
        if (address) socket = std::make_shared<notify_socket>(*address);
    } catch (const std::exception& failure) {
        log->write(log_level::warning, failure.what());
    }
    const auto period = watchdog_period(usec, pid, ::getpid());
    return std::make_unique<service_link>(std::move(socket), period, std::move(log));
}

}  // namespace ocpi::app
