#include "ocpi/protocol/routing_headers.hpp"

namespace ocpi::protocol {

result<std::optional<party>> read_routing_pair(const std::string* country_code,
                                               const std::string* party_id, const char* direction)
{
    // An empty header says no more than an absent one.
    if (country_code && country_code->empty()) country_code = nullptr;
    if (party_id && party_id->empty()) party_id = nullptr;
    if (!country_code && !party_id) return std::optional<party>();
    const std::string prefix = std::string("OCPI-") + direction;
    if (!country_code || !party_id) {
        return error(errc::invalid, prefix + "-country-code and " + prefix +
                                        "-party-id are sent together or not at all");
    }
    const auto fits = [](const std::string& text, std::size_t length) {
        return text.size() <= length && is_printable_ascii(text);
    };
    if (!fits(*country_code, 2)) {
        return error(errc::invalid,
                     prefix + "-country-code must be at most 2 printable characters");
    }
    if (!fits(*party_id, 3)) {
        return error(errc::invalid, prefix + "-party-id must be at most 3 printable characters");
    }
    return std::optional<party>(party(*country_code, *party_id));
}

}  // namespace ocpi::protocol
