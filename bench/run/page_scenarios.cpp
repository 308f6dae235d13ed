// Pages of 100 of a large store, with the exact X-Total-Count, one request at a time.

#include "bench/run/scenarios.hpp"

#include <utility>

namespace ocpi::bench {
namespace {

measurement measure_page(bench_context& context, const running_server& server, std::uint32_t offset)
{
    return latency_measured(context.load(
        server, "page100", {"--connections", "1", "--offset", std::to_string(offset)}));
}

}  // namespace

void add_page_scenarios(std::vector<scenario>& to)
{
    scenario made;
    made.name = "page100";
    made.about = "pages of 100 of the large store, at its begin, middle and end";
    made.rows = {
        {"page of 100, offset 0", "ms", {goal_kind::at_most, 5}, ""},
        {"page of 100, half of all skipped", "ms", {goal_kind::ratio_at_most, 1.2}, "offset 0"},
        {"page of 100, 90 % skipped", "ms", {goal_kind::ratio_at_most, 1.2}, "offset 0"},
    };
    made.measure = [](bench_context& context, const build& of) {
        auto server = context.start(of, data_set::many);
        const auto all = context.sizes().many;
        std::vector<measurement> measured;
        for (const auto offset : {std::uint32_t{0}, all / 2, all / 10 * 9}) {
            measured.push_back(measure_page(context, server, offset));
        }
        server.process.terminate();
        return measured;
    };
    made.measure_yardstick = [](bench_context&, const std::vector<measurement>& ours) {
        return std::vector<std::optional<measurement>>{std::nullopt, ours[0], ours[0]};
    };
    to.push_back(std::move(made));
}

}  // namespace ocpi::bench
