#include "app/take_environment.hpp"

#include <cstdlib>

namespace ocpi::app {

std::optional<std::string> take_environment(const char* name)
{
    const char* value = std::getenv(name);
    if (!value) return std::nullopt;
    std::string taken = value;
    ::unsetenv(name);
    return taken;
}

}  // namespace ocpi::app
