#include "bench/load/process_sample.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <stdexcept>
#include <string>

namespace ocpi::bench {
namespace {

double seconds(const timeval& time)
{
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

}  // namespace

process_sample sample_process(pid_t process)
{
    const auto directory = "/proc/" + std::to_string(process);
    std::ifstream stat(directory + "/stat");
    std::string text((std::istreambuf_iterator<char>(stat)), {});
    // The name, in brackets, may hold anything; the third field follows the last bracket.
    const auto name_end = text.rfind(')');
    if (name_end == std::string::npos) throw std::runtime_error("no process at " + directory);
    std::istringstream fields(text.substr(name_end + 1));
    std::string skipped;
    for (int i = 3; i <= 9; ++i) fields >> skipped;
    process_sample sample;
    std::uint64_t user = 0;
    std::uint64_t system = 0;
    fields >> sample.minor_faults >> skipped >> skipped >> skipped >> user >> system;
    sample.cpu_seconds =
        static_cast<double>(user + system) / static_cast<double>(::sysconf(_SC_CLK_TCK));

    std::ifstream memory(directory + "/statm");
    double pages = 0;
    memory >> pages >> pages;
    sample.resident_mib = pages * static_cast<double>(::sysconf(_SC_PAGESIZE)) / (1024 * 1024);

    std::error_code error;
    using entries = std::filesystem::directory_iterator;
    for (entries each(directory + "/fd", error); !error && each != entries();
         each.increment(error)) {
        ++sample.descriptors;
    }
    return sample;
}

double own_cpu_seconds()
{
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

}  // namespace ocpi::bench
