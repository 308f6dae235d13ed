#include "app/log_line.hpp"

#include "ocpi/base/date_time.hpp"
#include "ocpi/json/writer.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <utility>

namespace ocpi::app {
namespace {

constexpr std::size_t max_value = 200;

/// Always with milliseconds, so that columns stand below each other.
std::string write_time(log_line::time_point at)
{
    auto text = to_string(date_time(std::chrono::floor<std::chrono::milliseconds>(at)));
    if (text.find('.') == std::string::npos) text.insert(text.size() - 1, ".000");
    return text;
}

bool is_control(char c) noexcept
{
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}

std::string without_controls(std::string_view text)
{
    std::string clean(text);
    std::replace_if(clean.begin(), clean.end(), is_control, ' ');
    return clean;
}

/// A value that can be told from the next name without quotes.
bool is_plain(std::string_view value) noexcept
{
    return std::all_of(value.begin(), value.end(), [](char c) {
        return c > 0x20 && c < 0x7f && c != '"' && c != '\\' && c != '=';
    });
}

std::string_view shorten(std::string_view text, std::size_t size) noexcept
{
    if (text.size() <= size) return text;
    while (size > 0 && (static_cast<unsigned char>(text[size]) & 0xc0) == 0x80) --size;
    return text.substr(0, size);
}

std::string describe(const http::request_report& report)
{
    std::string text = "request from " + report.peer.to_string();
    if (!report.refusal.empty()) text.append(", refused: ").append(report.refusal);
    if (report.delivery == http::delivery::interrupted) text += ", answer not read to its end";
    return text;
}

std::string describe(const partners::call_report& report)
{
    std::string text(to_string(report.purpose));
    text.append(" ").append(to_string(report.outcome));
    if (!report.failure.empty()) text.append(": ").append(report.failure);
    return text;
}

}  // namespace

log_line::log_line(log_format format, time_point at, log_level level, std::string_view message)
    : format_(format)
{
    line_.reserve(512);
    if (format_ == log_format::json) {
        line_.append(R"({"time":")").append(write_time(at)).append(R"(","level":")");
        line_.append(to_string(level)).append(R"(","message":)");
        line_ += json::quote(without_controls(message));
    } else {
        line_.append(write_time(at)).append(" ").append(to_string(level)).append(" ");
        line_ += without_controls(message);
    }
}

void log_line::begin(std::string_view name)
{
    if (format_ == log_format::json) {
        line_.append(",\"").append(name).append("\":");
    } else {
        line_.append(" ").append(name).append("=");
    }
}

log_line& log_line::text(std::string_view name, std::string_view value)
{
    if (value.empty()) return *this;
    begin(name);
    value = shorten(value, max_value);
    if (format_ == log_format::text && is_plain(value)) {
        line_ += value;
    } else {
        line_ += json::quote(without_controls(value));
    }
    return *this;
}

log_line& log_line::number(std::string_view name, std::int64_t value)
{
    begin(name);
    line_ += std::to_string(value);
    return *this;
}

log_line& log_line::milliseconds(std::string_view name, std::chrono::nanoseconds value)
{
    using std::chrono::microseconds;
    const auto count =
        std::max<std::int64_t>(0, std::chrono::duration_cast<microseconds>(value).count());
    const auto fraction = std::to_string(1000 + count % 1000);
    begin(name);
    line_.append(std::to_string(count / 1000)).append(".").append(fraction, 1);
    return *this;
}

std::string log_line::finish()
{
    if (format_ == log_format::json) line_ += '}';
    line_ += '\n';
    return std::move(line_);
}

std::string write_request_line(log_format format, const http::request_report& report)
{
    const auto ended =
        report.started_at +
        std::chrono::duration_cast<std::chrono::system_clock::duration>(report.duration);
    log_line line(format, ended, log_level::info, describe(report));
    line.text("request_id", report.request_id).text("correlation_id", report.correlation_id);
    const bool has_trace = report.trace != protocol::trace_context();
    if (has_trace) line.text("traceparent", protocol::write_traceparent(report.trace));
    if (report.caller) line.text("caller", report.caller->name);
    line.text("method", report.method).text("route", report.route);
    if (report.status != 0) line.number("status", report.status);
    if (report.ocpi_status != 0) line.number("ocpi_status", report.ocpi_status);
    line.number("bytes", static_cast<std::int64_t>(report.bytes_out));
    line.milliseconds("duration_ms", report.duration);
    return line.finish();
}

std::string write_call_line(log_format format, const partners::call_report& report,
                            log_line::time_point at)
{
    log_line line(format, at, log_level::info, describe(report));
    line.text("request_id", report.request_id).text("correlation_id", report.correlation_id);
    line.text("traceparent", protocol::write_traceparent(report.trace));
    line.text("method", report.method).text("route", report.path);
    if (report.http_status != 0) line.number("status", report.http_status);
    if (report.status_code != 0) line.number("ocpi_status", report.status_code);
    line.milliseconds("duration_ms", report.duration).text("partner", report.partner);
    line.number("attempt", report.attempt);
    return line.finish();
}

}  // namespace ocpi::app
