#pragma once

#include "modules/pricing/comparison.hpp"
#include "modules/pricing/priced_session.hpp"
#include "ocpi/base/error.hpp"
#include "ocpi/json/document.hpp"

#include <cstdint>
#include <vector>

namespace ocpi::pricing {

struct read_cost_input {
    priced_session session;
    stated_cost stated;
    /// The `tariffs` of a CDR as JSON values; empty when absent. Valid as long as the document.
    std::vector<json::value> tariffs;
};

/// The accepted kinds of documents.
enum class cost_input_kind : std::uint8_t {
    session_or_cdr,
    session  ///< whatever other members it has
};

/// Parses a Session or a CDR. A CDR is recognized by total_energy, total_time or cdr_location and
/// treated as COMPLETED. Absent or null members leave a note if that changes a price; errc::invalid
/// with the JSON pointers of price-relevant members of a wrong type, or when the document is
/// neither. Prices of OCPI 2.2.1 are accepted.
result<read_cost_input> read_priced_session(const json::document& document,
                                            cost_input_kind kind = cost_input_kind::session_or_cdr);

/// The costs that a Session or CDR states, without their currency. errc::invalid when it is no
/// object.
result<stated_cost> read_stated_cost(const json::document& document);

}  // namespace ocpi::pricing
