#pragma once

#include "ocpi/base/date_time.hpp"

#include <string_view>

namespace ocpi::test {

/// The instant that an OCPI DateTime names. Throws when it names none.
inline date_time instant(std::string_view text)
{
    return parse_date_time(text).value().value;
}

}  // namespace ocpi::test
