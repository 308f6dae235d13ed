#pragma once

#include "bench/load/latency_histogram.hpp"
#include "bench/load/process_sample.hpp"
#include "bench/load/response_reader.hpp"
#include "bench/load/socket.hpp"
#include "bench/load/wall_clock.hpp"
#include "bench/load/workload.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace ocpi::bench {

struct load_options {
    std::string target = "127.0.0.1:8000";
    std::string source;
    int connections = 64;
    double warm_up_seconds = 0.5;
    double seconds = 3;
    /// Requests per second in all; 0: each connection sends the next one upon an answer.
    double rate = 0;
    /// Seconds between two reports before the last; 0: only the last.
    double interval = 0;
    /// The server's process, to read its time, faults and memory; 0: not read.
    pid_t server = 0;
    /// Compares the answers' HTTP status and OCPI status code with success.
    bool checks_answers = true;
};

/// What was measured since the warm-up or the report before.
struct load_report {
    double seconds = 0;
    std::uint64_t requests = 0;
    std::uint64_t errors = 0;
    std::uint64_t bytes = 0;
    double client_cpu_seconds = 0;
    latency_histogram latency;
    /// The server's at the begin and the end.
    process_sample server_before;
    process_sample server_after;
};

/// Sends a workload to one server over many connections, from one thread. With a rate a request's
/// latency counts from when it was due, so that a server that stalls cannot hide it.
class load_run {
public:
    load_run(load_options options, workload& requests);

    /// Runs to the end: of the time, or of the workload if that has one. `report` gets each
    /// interval's report. Returns the report of all since the warm-up.
    load_report run(const std::function<void(const load_report&)>& report = {});

private:
    struct client {
        file_handle socket;
        response_reader reader;
        std::int64_t sent_at = 0;
        bool is_waiting = false;
    };

    void connect(std::size_t index);
    void send_next(std::size_t index, std::int64_t due);
    void send_due(std::int64_t now);
    void read(std::size_t index);
    void finish_request(std::size_t index);
    void judge(const client& of);
    void begin_measuring(std::int64_t now);
    void add_interval(std::int64_t now, const std::function<void(const load_report&)>& report);
    load_report close_interval(std::int64_t now);
    bool may_send() const;
    bool has_measured() const { return interval_.requests + total_.requests > 0; }

    load_options options_;
    workload& requests_;
    sockaddr_in endpoint_;
    wall_clock clock_;
    file_handle poller_;
    std::vector<client> connections_;
    std::vector<std::size_t> idle_;
    std::string buffer_;
    load_report interval_;
    load_report total_;
    double own_cpu_before_ = 0;
    std::int64_t interval_began_ = 0;
    std::int64_t next_due_ = 0;
    std::uint64_t sent_ = 0;
    std::uint64_t answered_ = 0;
    std::uint64_t shown_errors_ = 0;
    bool is_over_ = false;
};

/// One JSON line.
std::string write_report(const std::string& name, const load_options& options,
                         const load_report& report);

}  // namespace ocpi::bench
