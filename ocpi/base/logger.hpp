#pragma once

#include <string_view>

namespace ocpi {

enum class log_level { debug, info, warning, error };

/// Where the library reports what an operator should know. An embedding program plugs in its
/// own; the executable writes to stderr. Called from any thread, and must not throw. No text
/// given to it holds a token or an Authorization header.
class logger {
public:
    virtual ~logger() = default;
    virtual void write(log_level level, std::string_view text) noexcept = 0;
};

/// Says nothing.
class silent_logger final : public logger {
public:
    void write(log_level, std::string_view) noexcept override {}
};

}  // namespace ocpi
