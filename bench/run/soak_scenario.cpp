// A long mixed load: whether memory, descriptors and the write-ahead log stay as they are.

#include "bench/run/scenarios.hpp"
#include "bench/run/soak.hpp"

#include <algorithm>
#include <iostream>
#include <stdexcept>
#include <system_error>
#include <utility>

namespace ocpi::bench {
namespace {

double mebibytes_of(const std::string& file)
{
    std::error_code error;
    const auto size = std::filesystem::file_size(file, error);
    return error ? 0 : static_cast<double>(size) / (1024 * 1024);
}

std::vector<measurement> measure_soak(bench_context& context, const build& of)
{
    auto server = context.start(of, data_set::loaded);
    const auto& sizes = context.sizes();
    child_process client(context.load_words(server, "status_mix",
                                            {"--seconds", std::to_string(sizes.soak_seconds),
                                             "--interval", std::to_string(sizes.soak_interval)}));
    std::vector<soak_sample> samples;
    std::vector<measurement> rates;
    while (const auto line = client.read_line()) {
        samples.push_back({number_in(*line, "server_resident_mib"),
                           number_in(*line, "server_descriptors"),
                           mebibytes_of(server.database + "-wal"), number_in(*line, "p99_ms")});
        rates.push_back(rate_measured(*line));
        std::cerr << "soak " << describe(samples.back(), samples.size()) << '\n';
    }
    if (client.wait() != 0 || samples.empty()) throw std::runtime_error("the soak has failed");
    server.process.terminate();

    const auto largest = std::max_element(
        samples.begin(), samples.end(),
        [](const soak_sample& a, const soak_sample& b) { return a.wal_mib < b.wal_mib; });
    std::vector<measurement> measured{middle(rates)};
    for (const auto figure :
         {&soak_sample::resident_mib, &soak_sample::descriptors, &soak_sample::p99_ms}) {
        measurement part;
        part.value = growth(samples, figure);
        measured.push_back(part);
    }
    measurement log;
    log.value = largest->wal_mib;
    measured.push_back(log);
    return measured;
}

}  // namespace

void add_soak_scenario(std::vector<scenario>& to)
{
    scenario made;
    made.name = "soak";
    made.about = "a mixed load for minutes; growth is the last third to the middle third";
    made.max_rounds = 1;
    made.rows = {
        {"soak: 45 GET, 20 PATCH, 25 status, 5 PUT, 5 lists", "/s", {}, ""},
        {"soak: growth of memory", "", {goal_kind::at_most, 1.05}, ""},
        {"soak: growth of descriptors", "", {goal_kind::at_most, 1.05}, ""},
        {"soak: growth of p99", "", {}, ""},
        {"soak: largest write-ahead log", "MiB", {}, ""},
    };
    made.measure = measure_soak;
    to.push_back(std::move(made));
}

}  // namespace ocpi::bench
