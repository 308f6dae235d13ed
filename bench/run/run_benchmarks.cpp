// Runs the benchmarks of the whole server and prints one table: run_benchmarks --help.
// scripts/bench builds everything and calls this.

#include "bench/run/scenarios.hpp"

#include <CLI/CLI.hpp>

#include <sys/utsname.h>

#include <algorithm>
#include <chrono>
#include <ctime>
#include <exception>
#include <fstream>
#include <iostream>
#include <iterator>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace {

using namespace ocpi::bench;
namespace fs = std::filesystem;

struct arguments {
    std::vector<std::string> names;
    std::string project = ".";
    std::string build = "build/release";
    std::string against;
    std::string against_name = "before";
    std::string work = "build/bench";
    std::string commit = "unknown";
    std::string write_to;
    std::string group = "server";
    bool is_quick = false;
    bool only_lists = false;
    bench_sizes sizes;
};

/// Everything once, as small as it can be: shows that it runs.
void make_quick(bench_sizes& sizes)
{
    sizes = {0.2, 0.05, 1, 200, 100, 500, 40, 0.9, 0.2};
}

std::vector<row> run_scenario(const scenario& of, bench_context& context, const build& ours,
                              const std::optional<build>& other)
{
    std::vector<row> rows;
    for (const auto& spec : of.rows) {
        rows.push_back({spec, {}, {}});
        if (!other) continue;
        rows.back().spec.yardstick = other->name;
        rows.back().spec.wanted = {};
    }
    const int rounds = std::min(of.max_rounds, context.sizes().rounds);
    for (int round = 1; round <= rounds; ++round) {
        std::cerr << of.name << ", round " << round << " of " << rounds << '\n';
        const auto measured = of.measure(context, ours);
        std::vector<std::optional<measurement>> compared;
        if (other) {
            for (auto& each : of.measure(context, *other)) compared.emplace_back(each);
        } else if (of.measure_yardstick) {
            compared = of.measure_yardstick(context, measured);
        }
        for (std::size_t i = 0; i < rows.size(); ++i) {
            rows[i].ours.push_back(measured.at(i));
            if (i < compared.size() && compared[i]) rows[i].compared.push_back(*compared[i]);
        }
    }
    return rows;
}

std::string processor()
{
    std::ifstream file("/proc/cpuinfo");
    for (std::string line; std::getline(file, line);) {
        if (line.starts_with("model name")) return line.substr(line.find(':') + 2);
    }
    return "unknown processor";
}

std::string describe_run(const arguments& wanted)
{
    utsname system{};
    ::uname(&system);
    const auto now = std::time(nullptr);
    char day[32];
    std::strftime(day, sizeof day, "%Y-%m-%d", std::gmtime(&now));
    const auto& sizes = wanted.sizes;
    std::string text = "Measured on " + std::string(day) + " at commit `" + wanted.commit +
                       "`, on " + processor() + ", " +
                       std::to_string(std::thread::hardware_concurrency()) + " cores, Linux " +
                       system.release + ".\n";
    text += "Medians of " + std::to_string(sizes.rounds) +
            " rounds (streams, idle, push and cluster: of " +
            std::to_string(std::min(3, sizes.rounds)) + "; soak: 1) of " +
            std::to_string(static_cast<int>(sizes.seconds)) + " seconds; " +
            std::to_string(sizes.sessions) + " sessions under load, stores of " +
            std::to_string(sizes.few) + " and " + std::to_string(sizes.many) + ".\n\n";
    return text;
}

std::string read_file(const fs::path& path)
{
    std::ifstream file(path);
    if (!file) throw std::runtime_error("cannot read " + path.string());
    return {std::istreambuf_iterator<char>(file), {}};
}

void write_document(const arguments& wanted, const std::string& table)
{
    const auto before = read_file(wanted.write_to);
    const auto after = replace_between(before, "<!-- benchmarks: begin -->",
                                       "<!-- benchmarks: end -->", describe_run(wanted) + table);
    std::ofstream(wanted.write_to) << after;
}

bool is_wanted(const scenario& of, const arguments& wanted)
{
    if (wanted.names.empty()) {
        return of.group == wanted.group && (wanted.against.empty() || of.name != "soak");
    }
    return std::find(wanted.names.begin(), wanted.names.end(), of.name) != wanted.names.end();
}

void check_names(const std::vector<scenario>& all, const std::vector<std::string>& names)
{
    for (const auto& name : names) {
        const bool is_known = std::any_of(all.begin(), all.end(),
                                          [&](const scenario& each) { return each.name == name; });
        if (!is_known) throw std::runtime_error("no benchmark is called " + name + ": try --list");
    }
}

int run(arguments wanted, const fs::path& tools)
{
    const auto all = all_scenarios();
    if (wanted.only_lists) {
        for (const auto& each : all) std::cout << each.name << ": " << each.about << '\n';
        return 0;
    }
    check_names(all, wanted.names);
    if (wanted.is_quick) make_quick(wanted.sizes);
    const build ours{"ours", fs::absolute(wanted.build)};
    std::optional<build> other;
    if (!wanted.against.empty()) other = build{wanted.against_name, fs::absolute(wanted.against)};
    bench_context context(wanted.sizes, tools, fs::absolute(wanted.project),
                          fs::absolute(wanted.work), other.value_or(ours));
    std::vector<row> rows;
    for (const auto& each : all) {
        if (!is_wanted(each, wanted)) continue;
        auto measured = run_scenario(each, context, ours, other);
        std::move(measured.begin(), measured.end(), std::back_inserter(rows));
    }
    const auto table = write_table(rows);
    std::cout << describe_run(wanted) << table;
    const bool is_whole = wanted.names.empty() && !other;
    if (is_whole && !wanted.write_to.empty()) write_document(wanted, table);
    return 0;
}

}  // namespace

namespace ocpi::bench {

std::vector<scenario> all_scenarios()
{
    std::vector<scenario> all;
    add_request_scenarios(all);
    add_page_scenarios(all);
    add_push_scenarios(all);
    add_crowd_scenarios(all);
    add_start_scenarios(all);
    add_piece_scenarios(all);
    add_soak_scenario(all);
    add_cluster_scenarios(all);
    return all;
}

}  // namespace ocpi::bench

int main(int argc, char** argv)
{
    CLI::App app("Benchmarks of the whole server, beside yardsticks", "run_benchmarks");
    arguments wanted;
    auto& sizes = wanted.sizes;
    double soak_minutes = 10;
    app.add_option("NAME", wanted.names, "Which (default: all)");
    app.add_option("--group", wanted.group, "Of those without NAME: server or cluster")
        ->capture_default_str();
    app.add_flag("--list", wanted.only_lists, "Name them");
    app.add_option("--project", wanted.project, "The source tree")->capture_default_str();
    app.add_option("--build", wanted.build, "The build that is measured")->capture_default_str();
    app.add_option("--against", wanted.against, "Another build to compare with");
    app.add_option("--against-name", wanted.against_name)->capture_default_str();
    app.add_option("--work", wanted.work, "Directory for databases")->capture_default_str();
    app.add_option("--commit", wanted.commit, "Name of what is measured");
    app.add_option("--write", wanted.write_to,
                   "Document whose table is replaced by one of all benchmarks");
    app.add_option("--rounds", sizes.rounds)->capture_default_str();
    app.add_option("--seconds", sizes.seconds, "Of each run")->capture_default_str();
    app.add_option("--sessions", sizes.sessions, "Under load")->capture_default_str();
    app.add_option("--few", sizes.few, "Sessions of the small store")->capture_default_str();
    app.add_option("--many", sizes.many, "Sessions of the large store")->capture_default_str();
    app.add_option("--crowd", sizes.crowd, "Connections of streams and idle")
        ->capture_default_str();
    app.add_option("--soak-minutes", soak_minutes)->capture_default_str();
    app.add_flag("--quick", wanted.is_quick, "As little as shows that everything runs");
    CLI11_PARSE(app, argc, argv);
    sizes.soak_seconds = soak_minutes * 60;
    try {
        return run(std::move(wanted), fs::canonical("/proc/self/exe").parent_path());
    } catch (const std::exception& failure) {
        std::cerr << "run_benchmarks: " << failure.what() << '\n';
        return 1;
    }
}
