#pragma once

#include "modules/pricing/session_reader.hpp"
#include "modules/tariffs/tariff.hpp"
#include "ocpi/json/document.hpp"

#include <string>
#include <vector>

namespace ocpi::app {

using tariff_list = std::vector<tariffs::tariff_ptr>;

/// The JSON of a file. std::runtime_error naming the file when it cannot be read or is no JSON.
json::document read_json_file(const std::string& path);

/// The tariffs by which the command `cost` prices a Session or a CDR: those of the files and, of
/// those that a CDR of `session_file` brings, all when no file is given, else those that a period
/// names and no file has. A tariff may be of OCPI 2.3.0 or 2.2.1; `input` gets the notes, and the
/// only tariff of the files as its default. std::runtime_error naming the file and the JSON pointer
/// of what cannot be read, or when there is no tariff at all.
tariff_list read_cost_tariffs(const std::vector<std::string>& files,
                              const std::string& session_file, pricing::read_cost_input& input);

}  // namespace ocpi::app
