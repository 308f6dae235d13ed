#pragma once

#include "modules/sessions/session.hpp"
#include "ocpi/json/field_reader.hpp"
#include "ocpi/protocol/version.hpp"

#include <string>
#include <string_view>

/// The Session of OCPI 2.2.1 differs from 2.3.0 in two respects. Price [types, Price]:
///
///     2.2.1  {"excl_vat": 2.00, "incl_vat": 2.50}
///     2.3.0  {"before_taxes": 2.00, "taxes": [{"name": "VAT", "amount": 0.50}]}
///
/// and cdr_token.type [tokens, TokenType], a closed enumeration in 2.2.1 and an open one in 2.3.0:
/// a type unknown to 2.2.1, such as EMAID, is sent as OTHER.
///
/// The store holds 2.3.0; only this file knows the other form. A missing incl_vat becomes no taxes,
/// one equal to excl_vat a tax of 0. Other members are kept, except those named like members of the
/// other form. A token type is accepted unchanged in either version.
namespace ocpi::sessions {

/// Reads a Price of 2.2.1 in `object`, reporting errors with the names of 2.2.1. `original` is the
/// value read by `object`: if valid, the report gets the Price of 2.3.0 to store instead.
price read_price_2_2_1(json::object_reader& object, json::value original);

/// The TokenType sent to 2.2.1 for one of 2.3.0: itself if 2.2.1 has it, else OTHER.
std::string_view token_type_2_2_1(std::string_view type) noexcept;

/// Converts a stored Session, or a PATCH for a change of it, to a version. An incl_vat without an
/// exact representation of reasonable length is left out.
std::string convert_to(protocol::version version, std::string session);

}  // namespace ocpi::sessions
