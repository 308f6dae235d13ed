#pragma once

#include "app/manual/command_description.hpp"

#include <string>
#include <vector>

namespace ocpi::app::manual {

/// A page of section 1 of the manual.
struct man_page {
    /// `ocpi-sessions-token.1`
    std::string file_name;
    /// troff with the man macros.
    std::string text;
};

/// One page for the program, and one for each of its commands, which holds those below it.
std::vector<man_page> make_man_pages(const command_description& program,
                                     const std::string& version);

}  // namespace ocpi::app::manual
