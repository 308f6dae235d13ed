// How long after a write is acknowledged its event is with a reader: event_lag SECONDS WRITER
// READER..., each HOST:PORT. Writes one session by PUT to WRITER, again and again, while each
// READER is asked for the events of that session; waits for all of them, pauses, and goes on.
// Prints one JSON line.

#include "bench/load/latency_histogram.hpp"
#include "bench/load/load_run.hpp"
#include "bench/load/socket.hpp"
#include "bench/load/wall_clock.hpp"
#include "bench/load/workload.hpp"
#include "modules/sessions/view_id.hpp"

#include <poll.h>
#include <sys/socket.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <memory>
#include <random>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace {

using namespace ocpi::bench;

constexpr std::int64_t patience = 30'000'000'000;
constexpr std::string_view session_prefix = "EVENT";

/// A stream of the events of one session.
class event_stream {
public:
    event_stream(const std::string& target, const std::string& request)
        : socket_(connect_to(parse_endpoint(target)))
    {
        send_all(socket_.get(), request.data(), request.size());
    }

    /// Waits for the end of the next event, and returns when it was here.
    std::int64_t await_event()
    {
        const auto end = steady_nanoseconds() + patience;
        constexpr std::string_view data = "\ndata:";
        for (;;) {
            const auto at = input_.find(data);
            const auto close = at == std::string::npos ? at : input_.find("\n\n", at);
            if (close != std::string::npos) {
                input_.erase(0, close + 1);
                return steady_nanoseconds();
            }
            if (steady_nanoseconds() > end) throw std::runtime_error("an event did not come");
            receive();
        }
    }

private:
    void receive()
    {
        pollfd waiting{socket_.get(), POLLIN, 0};
        ::poll(&waiting, 1, 1000);
        char buffer[8192];
        const auto count = ::recv(socket_.get(), buffer, sizeof buffer, 0);
        if (count == 0) throw std::runtime_error("the server has closed a stream");
        if (count > 0) input_.append(buffer, static_cast<std::size_t>(count));
    }

    file_handle socket_;
    std::string input_;
};

/// PUTs the session, and returns when that was acknowledged. The load has a connection of its own,
/// made before it is sent.
std::int64_t write_session(const std::string& target)
{
    load_options load;
    load.target = target;
    load.connections = 1;
    workload_options options;
    options.name = "fill";
    options.prefix = session_prefix;
    options.count = 1;
    workload one(options);
    if (load_run(load, one).run().errors > 0) throw std::runtime_error("a PUT was refused");
    return steady_nanoseconds();
}

void run(double seconds, const std::string& writer, const std::vector<std::string>& readers)
{
    write_session(writer);
    const auto id = ocpi::sessions::view_id(
        ocpi::crud::object_key("BE", "BEC", std::string(session_prefix) + "00000000"));
    const auto request = "GET /v1/sessions/" + id +
                         "/events HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                         "Authorization: Token your-token\r\n\r\n";
    std::vector<std::unique_ptr<event_stream>> streams;
    for (const auto& each : readers) {
        streams.push_back(std::make_unique<event_stream>(each, request));
        streams.back()->await_event();
    }
    // Other pauses than those of a poll, so that every moment between two of them is met.
    std::mt19937 random(1);  // NOLINT: the same each time
    latency_histogram lags;
    const auto end = steady_nanoseconds() + static_cast<std::int64_t>(seconds * 1e9);
    while (steady_nanoseconds() < end) {
        std::this_thread::sleep_for(std::chrono::milliseconds(5 + random() % 90));
        const auto acknowledged = write_session(writer);
        for (auto& each : streams) lags.add(each->await_event() - acknowledged);
    }
    std::printf("{\"events\":%llu,\"p50_ms\":%.2f,\"p99_ms\":%.2f,\"max_ms\":%.2f}\n",
                static_cast<unsigned long long>(lags.count()), lags.percentile(0.5),
                lags.percentile(0.99), lags.max());
}

}  // namespace

int main(int argc, char** argv)
{
    if (argc < 4) {
        std::cerr << "usage: event_lag SECONDS WRITER READER...\n";
        return 2;
    }
    try {
        run(std::strtod(argv[1], nullptr), argv[2],
            std::vector<std::string>(argv + 3, argv + argc));
    } catch (const std::exception& failure) {
        std::cerr << "event_lag: " << failure.what() << '\n';
        return 2;
    }
}
