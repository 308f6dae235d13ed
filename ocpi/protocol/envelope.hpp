#pragma once

#include "ocpi/base/date_time.hpp"
#include "ocpi/protocol/status_code.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace ocpi::protocol {

/// Bytes the envelope adds to a JSON text without a message: a text with this much spare capacity
/// is wrapped in place.
inline constexpr std::size_t envelope_bytes = 96;

/// The envelope around every OCPI answer [transport and format, response format]. `data` is a
/// JSON text, `message` plain text; either may be empty and is then left out.
std::string write_envelope(status_code code, std::string_view message, std::string data,
                           date_time now);

}  // namespace ocpi::protocol
