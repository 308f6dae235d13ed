#pragma once

#include "app/manual/command_description.hpp"

#include <string>

namespace ocpi::app::manual {

/// A completion for bash: commands, options, the values of those that list them; file names for
/// other values and for positional arguments.
std::string make_bash_completion(const command_description& program);

/// The same for zsh, with descriptions: a function for its fpath.
std::string make_zsh_completion(const command_description& program);

}  // namespace ocpi::app::manual
