#pragma once

#include "ocpi/base/date_time.hpp"
#include "ocpi/protocol/status_code.hpp"

#include <string>
#include <string_view>

namespace ocpi::protocol {

/// The envelope around every OCPI answer [transport and format, response format]. `data` is a
/// JSON text, `message` plain text; either may be empty and is then left out.
std::string write_envelope(status_code code, std::string_view message, std::string_view data,
                           date_time now);

}  // namespace ocpi::protocol
