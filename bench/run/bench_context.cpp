#include "bench/run/bench_context.hpp"

#include "bench/load/wall_clock.hpp"
#include "ocpi/json/document.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cstdlib>
#include <iostream>
#include <stdexcept>
#include <utility>

namespace ocpi::bench {
namespace {

namespace fs = std::filesystem;

void remove_database(const fs::path& file)
{
    for (const char* end : {"", "-wal", "-shm"}) fs::remove(file.string() + end);
}

/// Copies and waits for the disk, so that writing the copy out is not measured.
void copy_durably(const fs::path& from, const fs::path& to)
{
    fs::copy_file(from, to, fs::copy_options::overwrite_existing);
    const int file = ::open(to.c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0) throw std::runtime_error("cannot open " + to.string());
    ::fsync(file);
    ::close(file);
}

std::string last_line(const std::string& text)
{
    auto end = text.find_last_not_of('\n');
    if (end == std::string::npos) return {};
    const auto begin = text.rfind('\n', end);
    return text.substr(begin == std::string::npos ? 0 : begin + 1, end + 1);
}

running_server await_address(child_process process, std::string database, std::int64_t began)
{
    const std::string ready = "listening on http://";
    const auto line = process.read_line();
    if (!line || !line->starts_with(ready)) throw std::runtime_error("a server did not come up");
    const auto seconds = static_cast<double>(steady_nanoseconds() - began) / 1e9;
    return {std::move(process), line->substr(ready.size()), std::move(database), seconds};
}

}  // namespace

bench_context::bench_context(bench_sizes sizes, fs::path tools, fs::path project, fs::path work,
                             build base)
    : sizes_(sizes),
      tools_(std::move(tools)),
      project_(std::move(project)),
      work_(std::move(work)),
      base_(std::move(base))
{
    fs::create_directories(work_);
}

running_server bench_context::start(const build& of, data_set on)
{
    const auto directory = work_ / of.name;
    fs::create_directories(directory);
    const auto copy = directory / (on == data_set::many ? "many.db" : "run.db");
    if (on == data_set::empty) {
        remove_database(copy);
    } else {
        const auto data = make_data(on);
        const bool is_kept = on == data_set::many && fs::exists(copy) &&
                             fs::last_write_time(copy) >= fs::last_write_time(data);
        if (!is_kept) {
            remove_database(copy);
            copy_durably(data, copy);
        }
    }
    return start(of, copy.string());
}

running_server bench_context::start(const build& of, const std::string& database)
{
    auto started = start_on(of, "sqlite:" + database);
    started.database = database;
    return started;
}

running_server bench_context::start_on(const build& of, const std::string& url)
{
    const auto began = steady_nanoseconds();
    child_process process({executable(of), "serve", "--config", config_file(), "--listen",
                           "127.0.0.1:0", "--database", url},
                          work_ / "server.log");
    return await_address(std::move(process), url, began);
}

running_server bench_context::start_tool(const std::string& program,
                                         const std::vector<std::string>& arguments)
{
    std::vector<std::string> words{tool(program)};
    words.insert(words.end(), arguments.begin(), arguments.end());
    const auto began = steady_nanoseconds();
    return await_address(child_process(words), {}, began);
}

std::vector<std::string> bench_context::load_words(const running_server& server,
                                                   const std::string& workload,
                                                   std::vector<std::string> arguments) const
{
    std::vector<std::string> words{tool("load_client"),
                                   workload,
                                   "--target",
                                   server.address,
                                   "--pid",
                                   std::to_string(server.process.id()),
                                   "--count",
                                   std::to_string(sizes_.sessions),
                                   "--seconds",
                                   std::to_string(sizes_.seconds),
                                   "--warm-up",
                                   std::to_string(sizes_.warm_up_seconds)};
    words.insert(words.end(), arguments.begin(), arguments.end());
    return words;
}

std::string bench_context::load(const running_server& server, const std::string& workload,
                                std::vector<std::string> arguments)
{
    return last_line(run_program(load_words(server, workload, std::move(arguments))));
}

std::string bench_context::run_tool(const std::string& program, std::vector<std::string> words)
{
    words.insert(words.begin(), tool(program));
    return last_line(run_program(words));
}

fs::path bench_context::make_data(data_set what)
{
    static constexpr const char* names[] = {"empty", "loaded", "periods", "few", "many"};
    std::uint32_t count = sizes_.sessions;
    if (what == data_set::few) count = sizes_.few;
    if (what == data_set::many) count = sizes_.many;
    const auto directory = work_ / ("data-" + base_.name);
    fs::create_directories(directory);
    const auto file = directory / (std::string(names[static_cast<int>(what)]) + "-" +
                                   std::to_string(count) + ".db");
    if (fs::exists(file)) return file;
    std::cerr << "making " << file.string() << '\n';
    const fs::path unfinished = file.string() + ".new";
    remove_database(unfinished);
    fill(unfinished, what);
    fs::rename(unfinished, file);
    return file;
}

void bench_context::fill(const fs::path& file, data_set what)
{
    if (what == data_set::few || what == data_set::many) {
        const auto count = what == data_set::few ? sizes_.few : sizes_.many;
        run_program(
            {base_.directory / "bench/seed_sessions", file.string(), std::to_string(count)});
        return;
    }
    auto server = start(base_, file.string());
    if (what == data_set::loaded) {
        load(server, "fill");
        load(server, "settle", {"--prefix", "DONE"});
    } else {
        load(server, "fill", {"--periods", "20"});
    }
    server.process.terminate();
}

double number_in(const std::string& line, std::string_view name)
{
    const auto parsed = json::parse(line);
    if (parsed.has_error()) throw std::runtime_error("not a line of JSON: " + line);
    const auto member = parsed->root().find(name);
    return member ? std::strtod(std::string(member->text()).c_str(), nullptr) : 0;
}

measurement rate_measured(const std::string& line)
{
    measurement of;
    of.value = number_in(line, "requests_per_second");
    of.cpu_us = number_in(line, "server_cpu_us_per_request");
    of.faults = number_in(line, "server_faults_per_request");
    of.resident_mib = number_in(line, "server_resident_mib");
    of.p99_ms = number_in(line, "p99_ms");
    of.bytes = number_in(line, "bytes_per_request");
    return of;
}

measurement latency_measured(const std::string& line)
{
    auto of = rate_measured(line);
    of.value = number_in(line, "p50_ms");
    return of;
}

}  // namespace ocpi::bench
