#pragma once

#include <string_view>

namespace ocpi::openapi {

/// The text of openapi.json beside this file: an OpenAPI 3.1 document of everything under /v1. The
/// build embeds it in the library.
extern const std::string_view document;

}  // namespace ocpi::openapi
