#include "bench/run/process_group.hpp"

#include <algorithm>
#include <stdexcept>

namespace ocpi::bench {
namespace {

constexpr int all_connections = 64;

}  // namespace

process_group::process_group(bench_context& context, const build& of,
                             const std::string& database_url, int count)
    : context_(context), url_(database_url)
{
    for (int i = 0; i < count; ++i) servers_.push_back(context.start_on(of, database_url));
}

process_group::~process_group()
{
    for (auto& each : servers_) each.process.terminate();
}

std::vector<std::string> process_group::addresses() const
{
    std::vector<std::string> all;
    for (const auto& each : servers_) all.push_back(each.address);
    return all;
}

measurement process_group::load(const std::string& workload,
                                const std::vector<std::string>& arguments, int rate)
{
    const auto count = static_cast<int>(servers_.size());
    std::vector<child_process> clients;
    for (const auto& each : servers_) {
        auto with = arguments;
        with.insert(with.end(),
                    {"--connections", std::to_string(all_connections / count), "--client",
                     std::to_string(clients.size()), "--clients", std::to_string(count)});
        if (rate > 0) with.insert(with.end(), {"--rate", std::to_string(rate / count)});
        clients.emplace_back(context_.load_words(each, workload, with));
    }
    measurement all;
    all.cpu_us = 0;
    all.faults = 0;
    all.resident_mib = 0;
    all.p99_ms = 0;
    for (auto& client : clients) {
        std::string last;
        while (const auto line = client.read_line()) last = *line;
        const auto one = rate_measured(last);
        if (client.wait() != 0) throw std::runtime_error("a load has failed: " + last);
        all.value += one.value;
        *all.cpu_us += *one.cpu_us / count;
        *all.faults += *one.faults / count;
        *all.resident_mib += *one.resident_mib;
        all.p99_ms = std::max(*all.p99_ms, *one.p99_ms);
    }
    return all;
}

}  // namespace ocpi::bench
