#pragma once

#include "modules/pricing/session_reader.hpp"
#include "modules/tariffs/tariff.hpp"
#include "ocpi/json/document.hpp"

#include <string>
#include <vector>

namespace ocpi::app {

using tariff_list = std::vector<tariffs::tariff_ptr>;

/// The JSON of a file. std::runtime_error naming the file when it cannot be read or is not JSON.
json::document read_json_file(const std::string& path);

/// The tariffs for the command `cost`: those of the files and, of a CDR in `session_file`, all its
/// tariffs when no file is given, else those named by a period and not in a file. OCPI 2.3.0 or
/// 2.2.1; `input` gets the notes, and the only tariff of the files as its default.
/// std::runtime_error naming the file and the JSON pointer of invalid input, or when there is no
/// tariff.
tariff_list read_cost_tariffs(const std::vector<std::string>& files,
                              const std::string& session_file, pricing::read_cost_input& input);

}  // namespace ocpi::app
