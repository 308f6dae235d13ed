#include "bench/run/cluster_stage.hpp"

#include <algorithm>
#include <iostream>

namespace ocpi::bench {
namespace {

namespace fs = std::filesystem;

std::uint32_t sessions_of(const bench_context& context, store_size of)
{
    return of == store_size::few ? context.sizes().few : context.sizes().many;
}

void fill(bench_context& context, const build& of, store_size size, const fs::path& path)
{
    const auto data = context.data_file(size == store_size::few ? data_set::few : data_set::many);
    for (const char* end : {"-wal", "-shm"}) fs::remove(path.string() + end);
    fs::copy_file(data, path, fs::copy_options::overwrite_existing);
    auto server = context.start(of, path.string());
    context.load(server, "fill",
                 {"--count", std::to_string(loaded_of(context, size)), "--partners", "1"});
    server.process.terminate();
}

}  // namespace

std::uint32_t loaded_of(const bench_context& context, store_size of)
{
    return std::min(context.sizes().sessions, sessions_of(context, of));
}

const postgres_cluster& cluster_stage::postgres(const bench_context& context)
{
    if (!postgres_) {
        postgres_ =
            std::make_unique<postgres_cluster>(context.project(), context.work() / "postgres");
    }
    return *postgres_;
}

fs::path cluster_stage::file(bench_context& context, const build& of, store_size size)
{
    const auto path =
        context.work() / ("cluster-" + std::to_string(sessions_of(context, size)) + ".db");
    if (files_.insert(path).second) fill(context, of, size, path);
    return path;
}

std::string cluster_stage::database(bench_context& context, const build& of, store_size size)
{
    const auto name = "sessions_" + std::to_string(sessions_of(context, size));
    const auto from = file(context, of, size);
    const auto& server = postgres(context);
    if (!server.has_database(name)) {
        server.run("CREATE DATABASE " + name);
        std::cerr << "copying " << from.string() << " to PostgreSQL\n";
        run_program({context.executable(of), "migrate", "--from", "sqlite:" + from.string(), "--to",
                     server.url(name)});
    }
    return server.url(name);
}

}  // namespace ocpi::bench
