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
    /// The `tariffs` of a CDR, each as its JSON value; empty when it brings none. They live no
    /// longer than the document.
    std::vector<json::value> tariffs;
};

/// What a document may be.
enum class cost_input_kind : std::uint8_t {
    session_or_cdr,
    session  ///< whatever other members it has
};

/// Reads a Session, or a CDR, which is known by its total_energy, total_time or cdr_location and
/// counts as COMPLETED. A member that is absent or null is done without, with a note where that
/// changes a price; errc::invalid with the JSON pointers of those a price depends on that are of
/// a wrong type, or when it may be either and is neither. Prices of OCPI 2.2.1 are understood.
result<read_cost_input> read_priced_session(const json::document& document,
                                            cost_input_kind kind = cost_input_kind::session_or_cdr);

}  // namespace ocpi::pricing
