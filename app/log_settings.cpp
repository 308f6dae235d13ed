#include "app/log_settings.hpp"

namespace ocpi::app {

std::string_view to_string(log_format format) noexcept
{
    return format == log_format::json ? "json" : "text";
}

std::optional<log_format> parse_log_format(std::string_view text) noexcept
{
    if (text == "text") return log_format::text;
    if (text == "json") return log_format::json;
    return {};
}

std::string_view to_string(log_level level) noexcept
{
    switch (level) {
        case log_level::debug: return "debug";
        case log_level::info: return "info";
        case log_level::warning: return "warning";
        case log_level::error: return "error";
    }
    return "error";
}

std::optional<log_level> parse_log_level(std::string_view text) noexcept
{
    if (text == "debug") return log_level::debug;
    if (text == "info") return log_level::info;
    if (text == "warning") return log_level::warning;
    if (text == "error") return log_level::error;
    return {};
}

}  // namespace ocpi::app
