#pragma once

#include "crud/crud.hpp"
#include "modules/sessions/session.hpp"
#include "modules/sessions/settlement.hpp"
#include "ocpi/base/ci_string.hpp"
#include "ocpi/base/date_time.hpp"
#include "ocpi/base/error.hpp"

#include <optional>
#include <string_view>

/// How a session is stored through the Crud port, beside its JSON: the alias is its view id, the
/// rank is defined in settled_rank.hpp. The rank decides whether a session has settled: it may have
/// been taken as final, which its JSON does not show.
namespace ocpi::sessions {

/// The key of a session's record, and of records beside it in other modules.
crud::record_key record_key_of(const session_key& key);
session_key session_key_of(const crud::record_key& key);

/// errc::storage: the stored JSON is no longer a valid session. `why` is for the log.
error damaged_session(std::string_view why);

/// Sets the index values of a session's record. A session that awaits its final reading and ended
/// at `overdue` or before has settled at its end.
void set_finding_values(crud::document& record, std::optional<ci_string> contract,
                        const settlement& of, std::optional<date_time> overdue);

/// The same from the record's own JSON, with no reading overdue. False without effect when it
/// cannot be read.
bool set_finding_values(crud::document& record);

/// The contract of a session's token as written by contract_key(), the form of
/// crud::document::contract; std::nullopt when none is named.
std::optional<ci_string> contract_of(const session& fields);

}  // namespace ocpi::sessions
