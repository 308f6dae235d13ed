// Opens many connections and leaves them open: crowd_client events|idle TARGET PID COUNT.
//
// events: each reads GET /v1/events; then one session is written, and the time is taken until each
// reader has been told of it. idle: each has one GET answered and stays. Prints one JSON line, with
// the server's memory for each.

#include "bench/load/latency_histogram.hpp"
#include "bench/load/load_run.hpp"
#include "bench/load/process_sample.hpp"
#include "bench/load/socket.hpp"
#include "bench/load/wall_clock.hpp"
#include "bench/load/workload.hpp"

#include <sys/epoll.h>
#include <sys/socket.h>

#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace {

using namespace ocpi::bench;

/// Connections from one address: fewer than there are ports.
constexpr std::size_t for_each_source = 10'000;
constexpr std::int64_t patience = 60'000'000'000;

class crowd {
public:
    crowd(std::string target, std::size_t size)
        : target_(std::move(target)), poller_(::epoll_create1(EPOLL_CLOEXEC)), inputs_(size)
    {
        sockets_.reserve(size);
    }

    /// Connects one after another, each with this request, and waits for each answer's `sign`. Of a
    /// stream that is its first event or heartbeat: then it is sure to be told of what follows.
    void open(const std::string& request, std::string_view sign)
    {
        const auto endpoint = parse_endpoint(target_);
        for (std::size_t i = 0; i < inputs_.size(); ++i) {
            sockets_.push_back(
                connect_to(endpoint, "127.0.0." + std::to_string(2 + i / for_each_source)));
            epoll_event event{};
            event.events = EPOLLIN;
            event.data.u64 = i;
            ::epoll_ctl(poller_.get(), EPOLL_CTL_ADD, sockets_.back().get(), &event);
            send_all(sockets_.back().get(), request.data(), request.size());
        }
        await(sign, inputs_.size(), nullptr);
    }

    /// What has been received so far is forgotten.
    void forget()
    {
        signs_ = 0;
        for (auto& input : inputs_) input = {};
    }

    /// Until so many connections have received the sign; `times` gets when each did.
    void await(std::string_view sign, std::size_t count, latency_histogram* times)
    {
        const auto began = steady_nanoseconds();
        while (signs_ < count) {
            std::array<epoll_event, 256> events;
            const int ready = ::epoll_wait(poller_.get(), events.data(), events.size(), 1000);
            const auto now = steady_nanoseconds();
            if (now - began > patience) {
                throw std::runtime_error("only " + std::to_string(signs_) + " of " +
                                         std::to_string(count) + " were answered in a minute");
            }
            for (int i = 0; i < ready; ++i) {
                if (receive(events[static_cast<std::size_t>(i)].data.u64, sign) && times) {
                    times->add(now - began);
                }
            }
        }
    }

private:
    /// True when the sign is complete now.
    bool receive(std::size_t index, std::string_view sign)
    {
        char buffer[8192];
        const auto count = ::recv(sockets_[index].get(), buffer, sizeof buffer, 0);
        if (count < 0) return false;
        if (count == 0) throw std::runtime_error("the server has closed a connection");
        auto& input = inputs_[index];
        const bool had_it = input.find(sign) != std::string::npos;
        input.append(buffer, static_cast<std::size_t>(count));
        const bool has_it = input.find(sign) != std::string::npos;
        if (!has_it || had_it) return false;
        ++signs_;
        return true;
    }

    std::string target_;
    file_handle poller_;
    std::vector<file_handle> sockets_;
    std::vector<std::string> inputs_;
    std::size_t signs_ = 0;
};

/// PUTs one session, and returns when that is acknowledged.
void write_session(const std::string& target)
{
    load_options load;
    load.target = target;
    load.connections = 1;
    workload_options options;
    options.name = "fill";
    options.count = 1;
    workload one(options);
    if (load_run(load, one).run().errors > 0) throw std::runtime_error("a PUT was refused");
}

std::string get(const std::string& target)
{
    return "GET " + target +
           " HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Token your-token\r\n\r\n";
}

void run(const std::string& kind, const std::string& target, pid_t server, std::size_t count)
{
    const bool is_events = kind == "events";
    write_session(target);
    // Long enough for the first write's own events and memory to have passed.
    std::this_thread::sleep_for(std::chrono::milliseconds(300));
    const auto before = sample_process(server);
    crowd members(target, count);
    const auto began = steady_nanoseconds();
    if (is_events) {
        members.open(get("/v1/events"), "retry:");
    } else {
        members.open(get("/ocpi/cpo/2.3.0/sessions/BE/BEC/LOAD00000000"), R"("status_code":1000)");
    }
    const auto opened = static_cast<double>(steady_nanoseconds() - began) / 1e9;
    const auto after = sample_process(server);
    latency_histogram times;
    if (is_events) {
        members.forget();
        // Its own time is a part of what is measured, and small.
        std::jthread writer([&] { write_session(target); });
        members.await("event: status", count, &times);
    }
    std::printf(
        "{\"connections\":%zu,\"open_seconds\":%.3f,\"kib_each\":%.2f,"
        "\"server_resident_mib\":%.1f,\"p50_ms\":%.2f,\"p99_ms\":%.2f,\"max_ms\":%.2f,"
        "\"server_resident_mib_after\":%.1f}\n",
        count, opened,
        (after.resident_mib - before.resident_mib) * 1024 / static_cast<double>(count),
        after.resident_mib, times.percentile(0.5), times.percentile(0.99), times.max(),
        sample_process(server).resident_mib);
}

}  // namespace

int main(int argc, char** argv)
{
    const std::string kind = argc > 1 ? argv[1] : "";
    if (argc != 5 || (kind != "events" && kind != "idle")) {
        std::cerr << "usage: crowd_client events|idle HOST:PORT PID COUNT\n";
        return 2;
    }
    try {
        raise_descriptor_limit();
        run(kind, argv[2], std::atoi(argv[3]), std::strtoul(argv[4], nullptr, 10));
    } catch (const std::exception& failure) {
        std::cerr << "crowd_client: " << failure.what() << '\n';
        return 2;
    }
}
