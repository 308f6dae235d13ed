#pragma once

#include "bench/run/bench_context.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace ocpi::bench {

/// One benchmark of the whole server.
struct scenario {
    std::string name;
    std::string about;
    /// Those of one group are run together: `server`, or what scripts/bench is called with.
    std::string group = "server";
    std::vector<row_spec> rows;
    /// Rounds at most; some take long.
    int max_rounds = 100;
    /// Measures one build once: a measurement for each row.
    std::function<std::vector<measurement>(bench_context&, const build&)> measure;
    /// What ours is compared with, measured in turn with it: one for each row. Empty: no yardstick.
    std::function<std::vector<std::optional<measurement>>(bench_context&,
                                                          const std::vector<measurement>&)>
        measure_yardstick;
};

/// All of them, in the order of the table.
std::vector<scenario> all_scenarios();

void add_request_scenarios(std::vector<scenario>& to);
void add_page_scenarios(std::vector<scenario>& to);
void add_push_scenarios(std::vector<scenario>& to);
void add_crowd_scenarios(std::vector<scenario>& to);
void add_start_scenarios(std::vector<scenario>& to);
void add_piece_scenarios(std::vector<scenario>& to);
void add_soak_scenario(std::vector<scenario>& to);
void add_cluster_scenarios(std::vector<scenario>& to);

}  // namespace ocpi::bench
