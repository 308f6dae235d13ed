#pragma once

#include "ocpi/base/logger.hpp"

#include <optional>
#include <string_view>

namespace ocpi::app {

enum class log_format {
    text,  ///< time, level, message, then name=value
    json,  ///< one object a line
};

/// What is logged, and how (docs/logging.md).
struct log_settings {
    log_format format = log_format::text;
    /// Less urgent lines are not written.
    log_level lowest = log_level::info;
    /// A line for each request and for each call of a partner, at level info.
    bool has_access = true;

    friend bool operator==(const log_settings&, const log_settings&) = default;
};

/// `text`, `json`.
std::string_view to_string(log_format format) noexcept;
std::optional<log_format> parse_log_format(std::string_view text) noexcept;

/// `debug`, `info`, `warning`, `error`.
std::string_view to_string(log_level level) noexcept;
std::optional<log_level> parse_log_level(std::string_view text) noexcept;

}  // namespace ocpi::app
