#include "app/admin/process_status.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <system_error>

namespace ocpi::app {
namespace {

std::optional<std::uint64_t> number_in(std::string_view text)
{
    std::uint64_t number = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (problem != std::errc() || end == text.data()) return {};
    return number;
}

/// The words of a text that is separated by single spaces; empty beyond its end.
class words {
public:
    explicit words(std::string_view text) : rest_(text) {}

    std::string_view next()
    {
        const auto word = rest_.substr(0, rest_.find(' '));
        rest_.remove_prefix(std::min(word.size() + 1, rest_.size()));
        return word;
    }
    void skip(int count)
    {
        while (count-- > 0) next();
    }

private:
    std::string_view rest_;
};

/// When the machine was started.
std::optional<std::uint64_t> boot_time(std::string_view system_stat)
{
    constexpr std::string_view name = "\nbtime ";
    const auto at = system_stat.find(name);
    if (at == system_stat.npos) return {};
    return number_in(system_stat.substr(at + name.size()));
}

std::string read_text(const char* path)
{
    std::ifstream file(path);
    return std::string(std::istreambuf_iterator<char>(file), {});
}

std::optional<std::uint64_t> count_open_files()
{
    std::error_code failure;
    std::filesystem::directory_iterator each("/proc/self/fd", failure);
    std::uint64_t count = 0;
    for (; !failure && each != std::filesystem::directory_iterator(); each.increment(failure)) {
        ++count;
    }
    if (failure || count == 0) return {};
    return count - 1;  // the directory itself is open meanwhile
}

}  // namespace

process_status parse_process_status(std::string_view stat, std::string_view system_stat,
                                    long ticks_per_second, long page_bytes)
{
    process_status status;
    // The second word is the program's name in parentheses, which may hold any character.
    const auto name_end = stat.rfind(')');
    if (name_end == stat.npos || name_end + 2 > stat.size()) return status;
    const auto ticks = static_cast<double>(ticks_per_second);
    words rest(stat.substr(name_end + 2));
    rest.skip(11);  // state, the third of proc(5), and those before utime, the 14th
    const auto user = number_in(rest.next());
    const auto system = number_in(rest.next());
    if (user && system) status.cpu_seconds = static_cast<double>(*user + *system) / ticks;
    rest.skip(4);  // before num_threads, the 20th
    status.threads = number_in(rest.next());
    rest.skip(1);  // before starttime, the 22nd
    const auto start = number_in(rest.next());
    const auto boot = boot_time(system_stat);
    if (start && boot) {
        status.started_at = static_cast<double>(*boot) + static_cast<double>(*start) / ticks;
    }
    status.virtual_bytes = number_in(rest.next());
    if (const auto pages = number_in(rest.next())) {
        status.resident_bytes = *pages * static_cast<std::uint64_t>(page_bytes);
    }
    return status;
}

process_status read_process_status()
{
    auto status = parse_process_status(read_text("/proc/self/stat"), read_text("/proc/stat"),
                                       ::sysconf(_SC_CLK_TCK), ::sysconf(_SC_PAGESIZE));
    status.open_files = count_open_files();
    rlimit files{};
    const bool is_known = ::getrlimit(RLIMIT_NOFILE, &files) == 0;
    if (is_known && files.rlim_cur != RLIM_INFINITY) status.max_files = files.rlim_cur;
    return status;
}

}  // namespace ocpi::app
