#pragma once

#include "ocpi/protocol/version.hpp"

#include <string>

namespace ocpi::sessions::exchange {

/// The text of a Session as it stands in messages of that version. The one place where a version
/// before ours makes a difference to what is pushed.
inline std::string text_for(protocol::version, std::string json)
{
    return json;
}

}  // namespace ocpi::sessions::exchange
