#pragma once

#include "crud/crud.hpp"
#include "modules/sessions/session.hpp"
#include "ocpi/base/ci_string.hpp"

#include <atomic>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace ocpi::status {

/// The cdr_token.contract_id of a stored session; empty when none is named.
ci_string contract_of(std::string_view json);

/// One server-sent event of type `status` in wire format [WHATWG HTML, server-sent events, 9.2.5].
/// `data` is a JSON text.
std::string write_event(crud::revision id, std::string_view data);

/// The bytes of all events of a hub that are in memory.
using event_bytes = std::atomic<std::size_t>;

/// An event shared by all its readers.
struct session_event {
    /// `counted_in` counts the event as long as it exists.
    session_event(std::string name, crud::revision at, ci_string contract, std::string_view data,
                  std::shared_ptr<event_bytes> counted_in);
    ~session_event();
    session_event(const session_event&) = delete;
    session_event& operator=(const session_event&) = delete;

    /// The session's folded key and its hash.
    std::string session;
    std::size_t session_hash;
    crud::revision revision;
    ci_string contract_id;
    /// In wire format.
    std::string text;

private:
    std::shared_ptr<event_bytes> counted_in_;
};

using shared_event = std::shared_ptr<const session_event>;

}  // namespace ocpi::status
