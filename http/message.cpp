#include "http/message.hpp"

#include "ocpi/base/ci_string.hpp"

#include <algorithm>

namespace ocpi::http {

const std::string* headers::find(std::string_view name) const noexcept
{
    const auto found = std::find_if(fields_.begin(), fields_.end(), [name](const header& field) {
        return equal_ignoring_case(field.name, name);
    });
    return found == fields_.end() ? nullptr : &found->value;
}

}  // namespace ocpi::http
