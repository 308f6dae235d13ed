#pragma once

#include "bench/run/bench_context.hpp"
#include "bench/run/postgres_cluster.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <set>
#include <string>

namespace ocpi::bench {

/// How many sessions a store has beside those that the load goes to.
enum class store_size { few, many };

/// How many of its sessions the load goes to.
std::uint32_t loaded_of(const bench_context& context, store_size of);

/// PostgreSQL and the data of all cluster scenarios, made when they are needed first.
class cluster_stage {
public:
    const postgres_cluster& postgres(const bench_context& context);

    /// A SQLite file with the data.
    std::filesystem::path file(bench_context& context, const build& of, store_size size);

    /// The URL of a database with the data.
    std::string database(bench_context& context, const build& of, store_size size);

private:
    std::unique_ptr<postgres_cluster> postgres_;
    std::set<std::filesystem::path> files_;
};

}  // namespace ocpi::bench
