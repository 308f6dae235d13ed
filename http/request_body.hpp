#pragma once

#include "auth/principal.hpp"
#include "http/message.hpp"
#include "ocpi/base/error.hpp"

#include <string>
#include <vector>

namespace ocpi::http {

/// Makes the body ready for its reader, once the caller is known. A tolerant caller's may begin
/// with a byte order mark, which is taken away. Returns what was tolerated. errc::unreadable when
/// the body is encoded, compressed say.
result<std::vector<std::string>> prepare_body(request& received, auth::profile strictness);

}  // namespace ocpi::http
