#pragma once

#include "ocpi/protocol/version.hpp"

#include <string>

namespace ocpi::exchange {

/// A stored Session as it is pushed to a partner that speaks that version: without those optional
/// fields of OCPI that are null, which some platforms refuse, at any depth that OCPI describes.
/// Members that OCPI does not know stay as they are, null included. Pure.
std::string write_pushed(protocol::version spoken, std::string session);

/// The same without the change of version.
std::string without_null_fields(std::string session);

}  // namespace ocpi::exchange
