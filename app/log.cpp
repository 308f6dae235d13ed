#include "app/log.hpp"

#include "app/log_line.hpp"

#include <cstdint>
#include <cstdio>
#include <exception>
#include <string>

namespace ocpi::app {
namespace {

using std::chrono::system_clock;

class stderr_logger final : public logger {
public:
    explicit stderr_logger(log_level lowest) : lowest_(lowest) {}

    void write(log_level level, std::string_view text) noexcept override
    {
        if (level < lowest_) return;
        try {
            const auto line = log_line(log_format::text, system_clock::now(), level, text).finish();
            std::fwrite(line.data(), 1, line.size(), stderr);
        } catch (const std::exception&) {
            // Without memory for a line there is none for a complaint.
        }
    }

private:
    const log_level lowest_;
};

}  // namespace

server_log::server_log(int descriptor, const log_settings& settings)
    : format_(settings.format),
      lowest_(settings.lowest),
      has_access_(settings.has_access && settings.lowest <= log_level::info),
      writer_(
          descriptor,
          [this](std::uint64_t lines) {
              const auto text = std::to_string(lines) +
                                " lines of the log were dropped: they were not taken fast enough";
              return log_line(format_, system_clock::now(), log_level::warning, text).finish();
          },
          log_writer::limits())
{
}

void server_log::apply(const log_settings& settings) noexcept
{
    format_ = settings.format;
    lowest_ = settings.lowest;
    has_access_ = settings.has_access && settings.lowest <= log_level::info;
}

void server_log::write(log_level level, std::string_view text) noexcept
{
    if (level < lowest_) return;
    try {
        const auto line = log_line(format_, system_clock::now(), level, text).finish();
        writer_.write(line, level >= log_level::warning);
    } catch (const std::exception&) {
        // Without memory for a line there is none for a complaint.
    }
}

void server_log::on_finished(const http::request_report& report) noexcept
{
    if (!has_access_) return;
    try {
        writer_.write(write_request_line(format_, report), false);
    } catch (const std::exception&) {
        // As in write().
    }
}

void server_log::on_call(const partners::call_report& report) noexcept
{
    if (!has_access_) return;
    try {
        writer_.write(write_call_line(format_, report, system_clock::now()), false);
    } catch (const std::exception&) {
        // As in write().
    }
}

std::shared_ptr<logger> make_stderr_logger(log_level lowest)
{
    return std::make_shared<stderr_logger>(lowest);
}

}  // namespace ocpi::app
