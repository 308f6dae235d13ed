#pragma once

#include <string>
#include <string_view>

/// What PostgreSQL takes for a text: UTF-8 without the character NUL. It refuses the whole
/// statement for any other one.
namespace ocpi::crud::postgres {

bool is_text(std::string_view bytes) noexcept;

/// That text, or one next to it in the order of bytes, by which a range may begin or end: a place
/// in a list that a client has made up need not be a text.
std::string nearest_text(std::string_view bytes);

}  // namespace ocpi::crud::postgres
