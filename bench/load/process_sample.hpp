#pragma once

#include <sys/types.h>
#include <cstdint>

namespace ocpi::bench {

/// What Linux says of a process at one moment.
struct process_sample {
    double cpu_seconds = 0;  ///< user and system, all threads, in steps of 10 ms
    std::uint64_t minor_faults = 0;
    double resident_mib = 0;
    std::uint64_t descriptors = 0;
};

/// Reads /proc/PID. Throws std::runtime_error when there is no such process.
process_sample sample_process(pid_t process);

/// Processor seconds of this process.
double own_cpu_seconds();

}  // namespace ocpi::bench
