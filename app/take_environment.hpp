#pragma once

#include <optional>
#include <string>

namespace ocpi::app {

/// A variable of the environment, which is removed: child processes do not inherit what is meant
/// for this one. std::nullopt when it is not set. Only before other threads run.
std::optional<std::string> take_environment(const char* name);

}  // namespace ocpi::app
