#pragma once

#include "bench/run/bench_context.hpp"
#include "bench/run/measurement.hpp"

#include <string>
#include <vector>

namespace ocpi::bench {

/// Servers on one database, ended with this.
class process_group {
public:
    process_group(bench_context& context, const build& of, const std::string& database_url,
                  int count);
    ~process_group();
    process_group(const process_group&) = delete;
    process_group& operator=(const process_group&) = delete;

    const std::string& url() const { return url_; }
    const running_server& first() const { return servers_.front(); }
    std::vector<std::string> addresses() const;

    /// The load from as many clients as there are processes, with a share of the connections and of
    /// the rate each. `rate`: requests a second; 0: as many as are answered.
    measurement load(const std::string& workload, const std::vector<std::string>& arguments,
                     int rate = 0);

private:
    bench_context& context_;
    std::string url_;
    std::vector<running_server> servers_;
};

}  // namespace ocpi::bench
