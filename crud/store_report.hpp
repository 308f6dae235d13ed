#pragma once

#include "ocpi/base/histogram.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace ocpi::crud {

/// What a store reports of itself, for its operator. A store reports what it has.
struct store_report {
    /// Operations that wait for the database, of one kind: `read`, `list`, `write`.
    struct queue {
        std::string kind;
        std::size_t length = 0;
    };
    /// Operations that the database has failed since the start, of one kind: `read`, `write`,
    /// `checkpoint`.
    struct failures {
        std::string kind;
        std::uint64_t count = 0;
    };

    std::vector<queue> queues;
    std::vector<failures> errors;
    /// Writes in each transaction.
    histogram_counts batch_writes;
    /// From the begin of a transaction, with its lock, until it is on disk, in seconds.
    histogram_counts commit_seconds;
};

}  // namespace ocpi::crud
