#pragma once

#include "ocpi/base/error.hpp"
#include "ocpi/protocol/party.hpp"

#include <optional>
#include <string>

namespace ocpi::protocol {

inline constexpr const char* to_country_code_header = "OCPI-to-country-code";
inline constexpr const char* to_party_id_header = "OCPI-to-party-id";
inline constexpr const char* from_country_code_header = "OCPI-from-country-code";
inline constexpr const char* from_party_id_header = "OCPI-from-party-id";

/// Sender and receiver of a message [transport and format, message routing]. Both may be absent;
/// platforms with one party each need not name them.
struct routing {
    std::optional<party> to;
    std::optional<party> from;
};

/// The party named by a pair of header values, nullptr for an absent header; an empty one is
/// treated as absent. errc::invalid when only one of the pair is present or when a value is not
/// valid.
result<std::optional<party>> read_routing_pair(const std::string* country_code,
                                               const std::string* party_id, const char* direction);

}  // namespace ocpi::protocol
