#pragma once

#include "auth/principal.hpp"
#include "http/message.hpp"
#include "ocpi/base/error.hpp"

#include <string>
#include <vector>

namespace ocpi::http {

/// Prepares the body once the caller is known. A tolerant caller's body may begin with a byte order
/// mark, which is removed. Returns tolerated deviations. errc::unreadable when the body is encoded,
/// such as compressed.
result<std::vector<std::string>> prepare_body(request& received, auth::profile strictness);

}  // namespace ocpi::http
