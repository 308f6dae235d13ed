#pragma once

#include "bench/run/child_process.hpp"
#include "bench/run/measurement.hpp"

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace ocpi::bench {

/// How much is measured.
struct bench_sizes {
    double seconds = 4;  ///< of each run under load, after the warm-up
    double warm_up_seconds = 0.5;
    int rounds = 5;
    std::uint32_t sessions = 20'000;  ///< that the load goes to
    std::uint32_t few = 10'000;       ///< small store: start, first sync
    std::uint32_t many = 1'000'000;   ///< large store
    int crowd = 20'000;               ///< event streams, idle connections
    double soak_seconds = 600;
    double soak_interval = 10;
};

/// Stored sessions that a server starts on.
enum class data_set {
    empty,
    loaded,   ///< LOAD…: under way, one charging period; DONE…: as many settled ones
    periods,  ///< LOAD…: under way, 20 charging periods
    few,      ///< made by seed_sessions
    many,     ///< made by seed_sessions; not copied for each run, so only read
};

/// A running server: ocpi-sessions or a yardstick.
struct running_server {
    child_process process;
    std::string address;   ///< HOST:PORT
    std::string database;  ///< path of the SQLite file, or another URL, of ocpi-sessions
    double start_seconds = 0;
};

/// A build of ocpi-sessions.
struct build {
    std::string name;
    std::filesystem::path directory;
};

/// Where programs and data are, and how they are run. Everything is written below one directory.
class bench_context {
public:
    /// `tools`: the directory of load_client and the others. `base`: the build that makes the data.
    bench_context(bench_sizes sizes, std::filesystem::path tools, std::filesystem::path project,
                  std::filesystem::path work, build base);

    const bench_sizes& sizes() const { return sizes_; }
    const std::filesystem::path& work() const { return work_; }

    /// Starts a server on a fresh copy of the data.
    running_server start(const build& of, data_set on);
    /// Starts a server on a database that exists.
    running_server start(const build& of, const std::string& database);
    /// Starts a server on the database of a URL; `database` of what is returned is the URL.
    running_server start_on(const build& of, const std::string& url);
    /// Starts bench/<program>, which prints the address that it listens on.
    running_server start_tool(const std::string& program,
                              const std::vector<std::string>& arguments);

    /// Runs load_client on a server. Returns its last line of JSON.
    std::string load(const running_server& server, const std::string& workload,
                     std::vector<std::string> arguments = {});
    /// The words to run load_client by, with the target and the server's process.
    std::vector<std::string> load_words(const running_server& server, const std::string& workload,
                                        std::vector<std::string> arguments = {}) const;
    /// Runs bench/<program> to its end and returns its stdout.
    std::string run_tool(const std::string& program, std::vector<std::string> words);

    std::string executable(const build& of) const { return of.directory / "ocpi-sessions"; }
    std::string tool(const std::string& name) const { return tools_ / name; }
    const std::filesystem::path& project() const { return project_; }
    /// Path of the data, made when it is not there yet. Not to be written.
    std::filesystem::path data_file(data_set what) { return make_data(what); }
    std::string config_file() const { return project_ / "bench/server.toml"; }

private:
    /// Path of the data, made when it is not there yet.
    std::filesystem::path make_data(data_set what);
    void fill(const std::filesystem::path& file, data_set what);

    bench_sizes sizes_;
    std::filesystem::path tools_;
    std::filesystem::path project_;
    std::filesystem::path work_;
    build base_;
};

/// A member of a line of JSON; 0 when it is not there.
double number_in(const std::string& json, std::string_view name);

/// A line of load_client: requests per second and what the server has taken for each.
measurement rate_measured(const std::string& line);
/// The same with the median latency in milliseconds as the value.
measurement latency_measured(const std::string& line);

}  // namespace ocpi::bench
