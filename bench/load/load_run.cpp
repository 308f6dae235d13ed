#include "bench/load/load_run.hpp"

#include <sys/epoll.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <iostream>
#include <stdexcept>
#include <system_error>
#include <utility>

namespace ocpi::bench {
namespace {

constexpr std::int64_t second = 1'000'000'000;
constexpr std::uint64_t max_shown_errors = 5;
/// For the first answer after the warm-up, beyond the end of the time.
constexpr std::int64_t max_wait_for_answer = 60 * second;

std::int64_t to_nanoseconds(double seconds)
{
    return static_cast<std::int64_t>(seconds * 1e9);
}

}  // namespace

load_run::load_run(load_options options, workload& requests)
    : options_(std::move(options)),
      requests_(requests),
      endpoint_(parse_endpoint(options_.target)),
      poller_(::epoll_create1(EPOLL_CLOEXEC)),
      connections_(static_cast<std::size_t>(options_.connections)),
      buffer_(256 * 1024, '\0')
{
    for (std::size_t i = 0; i < connections_.size(); ++i) connect(i);
}

void load_run::connect(std::size_t index)
{
    auto& connection = connections_[index];
    connection.socket = connect_to(endpoint_, options_.source);
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.u64 = index;
    if (::epoll_ctl(poller_.get(), EPOLL_CTL_ADD, connection.socket.get(), &event) != 0) {
        throw std::system_error(errno, std::generic_category(), "epoll_ctl");
    }
}

bool load_run::may_send() const
{
    return !is_over_ && (requests_.size() == 0 || sent_ < requests_.size());
}

void load_run::send_next(std::size_t index, std::int64_t due)
{
    auto& connection = connections_[index];
    if (!may_send()) return;
    const auto request = requests_.next(clock_.now());
    connection.reader.reset();
    connection.sent_at = due;
    connection.is_waiting = true;
    ++sent_;
    send_all(connection.socket.get(), request.data(), request.size());
}

void load_run::send_due(std::int64_t now)
{
    const auto gap = static_cast<std::int64_t>(1e9 / options_.rate);
    while (next_due_ <= now && !idle_.empty() && may_send()) {
        const auto index = idle_.back();
        idle_.pop_back();
        send_next(index, next_due_);
        next_due_ += gap;
    }
}

void load_run::read(std::size_t index)
{
    auto& connection = connections_[index];
    const auto received = ::recv(connection.socket.get(), buffer_.data(), buffer_.size(), 0);
    if (received < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (received <= 0) {
        // Closed between two requests, or with an answer owing.
        if (connection.is_waiting) {
            ++interval_.errors;
            if (shown_errors_++ < max_shown_errors) std::cerr << "a connection was closed\n";
        }
        const bool was_waiting = std::exchange(connection.is_waiting, false);
        connect(index);
        if (!was_waiting) return;
        ++answered_;
        if (options_.rate > 0) {
            idle_.push_back(index);
        } else {
            send_next(index, steady_nanoseconds());
        }
        return;
    }
    if (!connection.is_waiting) throw std::runtime_error("an answer without a request");
    if (connection.reader.take({buffer_.data(), static_cast<std::size_t>(received)})) {
        finish_request(index);
    }
}

void load_run::finish_request(std::size_t index)
{
    auto& connection = connections_[index];
    const auto now = steady_nanoseconds();
    connection.is_waiting = false;
    ++answered_;
    ++interval_.requests;
    interval_.bytes += connection.reader.bytes();
    interval_.latency.add(now - connection.sent_at);
    if (options_.checks_answers) judge(connection);
    if (options_.rate > 0) {
        idle_.push_back(index);
    } else {
        send_next(index, now);
    }
}

void load_run::judge(const client& of)
{
    const auto end = of.reader.end_of_body();
    const bool is_success = of.reader.status() == 200 || of.reader.status() == 201;
    const auto code = end.find(R"("status_code":)");
    if (is_success && (code == std::string_view::npos || end.substr(code + 14, 1) == "1")) return;
    ++interval_.errors;
    if (shown_errors_++ < max_shown_errors) {
        std::cerr << "HTTP " << of.reader.status() << " …" << end << '\n';
    }
}

void load_run::begin_measuring(std::int64_t now)
{
    interval_ = {};
    interval_began_ = now;
    own_cpu_before_ = own_cpu_seconds();
    if (options_.server > 0) interval_.server_before = sample_process(options_.server);
}

load_report load_run::close_interval(std::int64_t now)
{
    auto closed = interval_;
    closed.seconds = static_cast<double>(now - interval_began_) / 1e9;
    closed.client_cpu_seconds = own_cpu_seconds() - own_cpu_before_;
    if (options_.server > 0) closed.server_after = sample_process(options_.server);
    return closed;
}

void load_run::add_interval(std::int64_t now, const std::function<void(const load_report&)>& report)
{
    const auto closed = close_interval(now);
    if (report && options_.interval > 0) report(closed);
    if (total_.seconds == 0) total_.server_before = closed.server_before;
    total_.server_after = closed.server_after;
    total_.seconds += closed.seconds;
    total_.requests += closed.requests;
    total_.errors += closed.errors;
    total_.bytes += closed.bytes;
    total_.client_cpu_seconds += closed.client_cpu_seconds;
    total_.latency.add(closed.latency);
    begin_measuring(now);
}

load_report load_run::run(const std::function<void(const load_report&)>& report)
{
    const bool is_finite = requests_.size() > 0;
    auto now = steady_nanoseconds();
    const auto measuring_from = now + (is_finite ? 0 : to_nanoseconds(options_.warm_up_seconds));
    const auto end = measuring_from + to_nanoseconds(options_.seconds);
    const auto interval = options_.interval > 0 ? to_nanoseconds(options_.interval) : end;
    bool is_measuring = false;
    next_due_ = now;
    for (std::size_t i = 0; i < connections_.size(); ++i) {
        if (options_.rate > 0) {
            idle_.push_back(i);
        } else {
            send_next(i, now);
        }
    }
    std::array<epoll_event, 256> events;
    while (true) {
        now = steady_nanoseconds();
        if (!is_measuring && now >= measuring_from) {
            begin_measuring(now);
            is_measuring = true;
        }
        // A slow server is waited for, for one answer at least.
        const bool is_late = now >= end && (has_measured() || now >= end + max_wait_for_answer);
        if (is_finite ? answered_ >= requests_.size() : is_late) break;
        if (is_measuring && now - interval_began_ >= interval) add_interval(now, report);
        if (options_.rate > 0) send_due(now);
        const int ready =
            ::epoll_wait(poller_.get(), events.data(), static_cast<int>(events.size()),
                         options_.rate > 0 ? 1 : 100);
        for (int i = 0; i < ready; ++i) {
            read(static_cast<std::size_t>(events[static_cast<std::size_t>(i)].data.u64));
        }
    }
    is_over_ = true;
    add_interval(now, report);
    return total_;
}

std::string write_report(const std::string& name, const load_options& options,
                         const load_report& report)
{
    const auto requests = static_cast<double>(report.requests);
    char text[1024];
    auto length = std::snprintf(
        text, sizeof text,
        R"({"workload":"%s","connections":%d,"seconds":%.3f,"requests":%llu,"errors":%llu,)"
        R"("requests_per_second":%.1f,"bytes_per_request":%.1f,"client_cpu_seconds":%.3f,)"
        R"("p50_ms":%.3f,"p99_ms":%.3f,"max_ms":%.3f)",
        name.c_str(), options.connections, report.seconds,
        static_cast<unsigned long long>(report.requests),
        static_cast<unsigned long long>(report.errors), requests / report.seconds,
        report.requests ? static_cast<double>(report.bytes) / requests : 0,
        report.client_cpu_seconds, report.latency.percentile(0.5), report.latency.percentile(0.99),
        report.latency.max());
    std::string line(text, static_cast<std::size_t>(length));
    if (options.server > 0 && report.requests > 0) {
        const auto& before = report.server_before;
        const auto& after = report.server_after;
        length =
            std::snprintf(text, sizeof text,
                          R"(,"server_cpu_us_per_request":%.1f,"server_faults_per_request":%.2f,)"
                          R"("server_resident_mib":%.1f,"server_descriptors":%llu)",
                          (after.cpu_seconds - before.cpu_seconds) * 1e6 / requests,
                          static_cast<double>(after.minor_faults - before.minor_faults) / requests,
                          after.resident_mib, static_cast<unsigned long long>(after.descriptors));
        line.append(text, static_cast<std::size_t>(length));
    }
    return line + '}';
}

}  // namespace ocpi::bench
