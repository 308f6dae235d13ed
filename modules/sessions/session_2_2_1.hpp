#pragma once

#include "modules/sessions/session.hpp"
#include "ocpi/json/field_reader.hpp"
#include "ocpi/protocol/version.hpp"

#include <string>
#include <string_view>

/// The Session of OCPI 2.2.1 differs from that of 2.3.0 in two things. Price [types, Price]:
///
///     2.2.1  {"excl_vat": 2.00, "incl_vat": 2.50}
///     2.3.0  {"before_taxes": 2.00, "taxes": [{"name": "VAT", "amount": 0.50}]}
///
/// and cdr_token.type [tokens, TokenType], which was a closed enumeration and is an open one since:
/// a type that 2.2.1 does not have, such as EMAID, is told as OTHER.
///
/// What is stored is 2.3.0; this is the one place that knows the other form. An incl_vat that is
/// unknown is no taxes, one that equals excl_vat is a tax of 0. Other members are kept, except
/// those named like the members of the other form. A token type is taken as it was sent, in
/// either version.
namespace ocpi::sessions {

/// Reads a Price of 2.2.1 in `object`, reporting what is wrong by the names of 2.2.1. `original`
/// is the value that `object` reads: unless something is wrong, the report gets the Price of
/// 2.3.0 as what is to be stored in its place.
price read_price_2_2_1(json::object_reader& object, json::value original);

/// The TokenType by which 2.2.1 tells one of 2.3.0: itself where 2.2.1 has it, else OTHER.
std::string_view token_type_2_2_1(std::string_view type) noexcept;

/// A stored Session, or the PATCH that tells of a change to it, in the words of a version. An
/// incl_vat that cannot be reckoned exactly in a number of sensible length is left out.
std::string convert_to(protocol::version spoken, std::string session);

}  // namespace ocpi::sessions
