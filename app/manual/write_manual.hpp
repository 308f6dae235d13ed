#pragma once

#include "app/manual/command_description.hpp"

#include <string>

namespace ocpi::app::manual {

/// Writes the man pages, and the completions `ocpi-sessions.bash` and `_ocpi-sessions`, into a
/// directory, which is made. Returns the exit status; throws std::runtime_error naming a file that
/// cannot be written.
int write_manual(const command_description& program, const std::string& version,
                 const std::string& directory);

}  // namespace ocpi::app::manual
