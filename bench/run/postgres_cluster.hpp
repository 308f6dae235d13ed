#pragma once

#include "bench/run/child_process.hpp"

#include <filesystem>
#include <string>

namespace ocpi::bench {

/// A PostgreSQL server of the benchmarks, by scripts/scratch-postgres. It ends with this object.
class postgres_cluster {
public:
    /// Makes a new one in that directory.
    postgres_cluster(const std::filesystem::path& project, const std::filesystem::path& directory);
    ~postgres_cluster();

    /// Of a database.
    std::string url(const std::string& database) const;
    /// The directory of its socket.
    std::string host() const;
    void run(const std::string& sql, const std::string& database = "postgres") const;
    bool has_database(const std::string& name) const;

private:
    child_process process_;
    std::string url_;
};

}  // namespace ocpi::bench
