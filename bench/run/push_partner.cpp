#include "bench/run/push_partner.hpp"

#include "bench/load/response_reader.hpp"
#include "bench/load/socket.hpp"
#include "bench/load/wall_clock.hpp"

#include <sys/socket.h>

#include <chrono>
#include <stdexcept>
#include <string_view>
#include <thread>
#include <utility>

namespace ocpi::bench {
namespace {

constexpr std::int64_t patience = 120'000'000'000;

}  // namespace

std::string ask_partners(const running_server& partner, const std::string& target)
{
    const auto socket = connect_to(parse_endpoint(partner.address));
    const auto request = "GET " + target + " HTTP/1.1\r\n\r\n";
    send_all(socket.get(), request.data(), request.size());
    response_reader reader;
    std::string all;
    char buffer[4096];
    for (;;) {
        const auto count = ::recv(socket.get(), buffer, sizeof buffer, 0);
        if (count == 0) throw std::runtime_error("the partners have gone");
        if (count < 0) {
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
            continue;
        }
        const std::string_view input(buffer, static_cast<std::size_t>(count));
        all += input;
        if (reader.take(input)) return all.substr(all.find("\r\n\r\n") + 4);
    }
}

std::string await_sessions(const running_server& partner, double count)
{
    const auto end = steady_nanoseconds() + patience;
    for (;;) {
        auto report = ask_partners(partner, "/report");
        if (number_in(report, "sessions") >= count) return report;
        if (steady_nanoseconds() > end) {
            throw std::runtime_error("the partners have received too little: " + report);
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
}

std::string await_silence(const running_server& partner)
{
    auto before = ask_partners(partner, "/report");
    for (;;) {
        std::this_thread::sleep_for(std::chrono::milliseconds(300));
        auto now = ask_partners(partner, "/report");
        if (now == before) return now;
        before = std::move(now);
    }
}

void register_partner(bench_context& context, const build& of, const std::string& database_url,
                      const std::string& server, const running_server& partners, int number)
{
    const auto digits = std::to_string(number);
    const auto party = "ES*P" + std::string(digits.size() < 2 ? "0" : "") + digits;
    run_program({context.executable(of), "partner", "register", "--config", context.config_file(),
                 "--database", database_url, "--public-url", "http://" + server, "--versions-url",
                 "http://" + partners.address + "/" + digits + "/versions", "--token-a", "a",
                 "--trusted", "--name", "partner-" + digits, "--role", "EMSP:" + party});
}

}  // namespace ocpi::bench
