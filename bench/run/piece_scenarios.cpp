// Two pieces of work that have goals of their own, out of bench/units.

#include "bench/run/scenarios.hpp"

#include "ocpi/json/document.hpp"

#include <cstdlib>
#include <stdexcept>
#include <string>
#include <utility>

namespace ocpi::bench {
namespace {

/// Microseconds of a benchmark in the report of Google Benchmark.
double microseconds_of(const json::document& report, std::string_view name)
{
    const auto list = report.root().find("benchmarks");
    if (!list) throw std::runtime_error("no benchmarks in their report");
    for (const auto each : *list) {
        if (each.find_string("name") != name) continue;
        const auto time = each.find("cpu_time");
        if (!time || each.find_string("time_unit") != "us") break;
        return std::strtod(std::string(time->text()).c_str(), nullptr);
    }
    throw std::runtime_error("no benchmark " + std::string(name));
}

std::vector<measurement> measure_pieces(bench_context& context, const build& of)
{
    const auto output = run_program(
        {of.directory / "bench/benchmarks", "--benchmark_format=json",
         "--benchmark_filter=^(look_at_session/2000|write_view/2000|price_session/100/12)$",
         "--benchmark_min_time=" + std::to_string(context.sizes().seconds / 4)});
    const auto report = json::parse(output);
    if (report.has_error()) throw std::runtime_error("the benchmarks' report is not JSON");
    measurement view;
    view.value = (microseconds_of(*report, "look_at_session/2000") +
                  microseconds_of(*report, "write_view/2000")) /
                 1000;
    measurement cost;
    cost.value = microseconds_of(*report, "price_session/100/12");
    return {view, cost};
}

}  // namespace

void add_piece_scenarios(std::vector<scenario>& to)
{
    scenario made;
    made.name = "pieces";
    made.about = "a managed view of 2,000 meter values and a price of 100 periods, without sockets";
    made.rows = {
        {"managed view of 2,000 meter values, read and written",
         "ms",
         {goal_kind::at_most, 0.6},
         ""},
        {"cost of 100 periods by 12 elements", "µs", {goal_kind::at_most, 30}, ""},
    };
    made.measure = measure_pieces;
    to.push_back(std::move(made));
}

}  // namespace ocpi::bench
