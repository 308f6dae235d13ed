#pragma once

#include <string>
#include <vector>

namespace ocpi::app {

/// Rows of as many cells each, in columns as wide as their widest cell, without blanks at the ends
/// of lines.
std::string write_table(const std::vector<std::vector<std::string>>& rows);

}  // namespace ocpi::app
