#pragma once

#include "ocpi/base/logger.hpp"

#include <memory>
#include <optional>
#include <string_view>

namespace ocpi::app {

/// `debug`, `info`, `warning`, `error`.
std::optional<log_level> parse_log_level(std::string_view text) noexcept;

/// A logger that writes one line per entry to stderr, from `lowest` up.
std::shared_ptr<logger> make_stderr_logger(log_level lowest);

}  // namespace ocpi::app
