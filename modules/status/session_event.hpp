#pragma once

#include "crud/crud.hpp"
#include "modules/sessions/session.hpp"
#include "ocpi/base/ci_string.hpp"

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace ocpi::status {

/// The cdr_token.contract_id of a stored session; empty when it names none.
ci_string contract_of(std::string_view json);

/// One server-sent event of type `status` as it goes over the wire [WHATWG HTML, server-sent
/// events, 9.2.5]. `data` is a JSON text.
std::string write_event(crud::revision id, std::string_view data);

/// An event that is shared by all who hear of it.
struct session_event {
    session_event(std::string name, crud::revision at, ci_string contract, std::string_view data);

    /// The session by its folded key, and the hash of that.
    std::string session;
    std::size_t session_hash;
    crud::revision revision;
    ci_string contract_id;
    /// As it goes over the wire.
    std::string text;
};

using shared_event = std::shared_ptr<const session_event>;

}  // namespace ocpi::status
