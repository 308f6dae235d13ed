#include "ocpi/protocol/version.hpp"

namespace ocpi::protocol {

std::string_view to_string(version of) noexcept
{
    return of == version::v2_2_1 ? "2.2.1" : "2.3.0";
}

std::optional<version> parse_version(std::string_view text) noexcept
{
    for (const auto each : all_versions) {
        if (to_string(each) == text) return each;
    }
    return {};
}

}  // namespace ocpi::protocol
