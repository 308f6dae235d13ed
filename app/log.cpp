#include "app/log.hpp"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <string>

namespace ocpi::app {
namespace {

spdlog::level::level_enum to_spdlog(log_level level)
{
    switch (level) {
        case log_level::debug: return spdlog::level::debug;
        case log_level::info: return spdlog::level::info;
        case log_level::warning: return spdlog::level::warn;
        case log_level::error: return spdlog::level::err;
    }
    return spdlog::level::err;
}

/// A line of the log is one line, whatever a text from outside contains.
std::string one_line(std::string_view text)
{
    std::string line(text);
    for (char& c : line) {
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
    }
    return line;
}

class stderr_logger final : public logger {
public:
    explicit stderr_logger(log_level lowest)
        : sink_("ocpi-sessions", std::make_shared<spdlog::sinks::stderr_sink_mt>())
    {
        sink_.set_level(to_spdlog(lowest));
        sink_.set_pattern("%Y-%m-%dT%H:%M:%S.%eZ %l %v", spdlog::pattern_time_type::utc);
    }

    void write(log_level level, std::string_view text) noexcept override
    {
        // spdlog reports its own failures and does not throw, but our copy of the text may.
        try {
            sink_.log(to_spdlog(level), one_line(text));
        } catch (const std::exception&) {
        }
    }

private:
    spdlog::logger sink_;
};

}  // namespace

std::optional<log_level> parse_log_level(std::string_view text) noexcept
{
    if (text == "debug") return log_level::debug;
    if (text == "info") return log_level::info;
    if (text == "warning") return log_level::warning;
    if (text == "error") return log_level::error;
    return {};
}

std::shared_ptr<logger> make_stderr_logger(log_level lowest)
{
    return std::make_shared<stderr_logger>(lowest);
}

}  // namespace ocpi::app
