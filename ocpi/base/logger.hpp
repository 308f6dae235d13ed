#pragma once

#include <string_view>

namespace ocpi {

enum class log_level { debug, info, warning, error };

/// Receives log messages for the operator. An embedding program supplies its own; the executable
/// writes to stderr. Called from any thread; must not throw. Texts never hold a token or an
/// Authorization header.
class logger {
public:
    virtual ~logger() = default;
    virtual void write(log_level level, std::string_view text) noexcept = 0;
};

/// Discards all messages.
class silent_logger final : public logger {
public:
    void write(log_level, std::string_view) noexcept override {}
};

}  // namespace ocpi
