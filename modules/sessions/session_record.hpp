#pragma once

#include "crud/crud.hpp"
#include "modules/sessions/session.hpp"
#include "modules/sessions/settlement.hpp"
#include "ocpi/base/ci_string.hpp"
#include "ocpi/base/date_time.hpp"
#include "ocpi/base/error.hpp"

#include <optional>
#include <string_view>

/// How a session is kept through the Crud port, beside its JSON: the secondary key is its
/// view id, the sort key as settled_rank.hpp has it, the summary as session_summary.hpp has it.
/// That a session has settled is what its sort key says: it may have been taken as final, which its
/// JSON does not say.
namespace ocpi::sessions {

/// errc::storage: the stored JSON is no longer a valid session. `why` is for the log.
error damaged_session(std::string_view why);

/// Sets the values by which the record of a session is indexed, its summary being summarize()'s.
/// One that awaits its final reading and has ended at `overdue` or before has settled when it
/// ended.
void set_index_values(crud::document& record, std::optional<ci_string> contract,
                      crud::summary summary, const settlement& of,
                      std::optional<date_time> overdue);

/// The same from the record's own JSON, and of no reading as overdue. False, and nothing set, when
/// that cannot be read.
bool set_index_values(crud::document& record);

/// The contract of a session's token as written by contract_key(), the form of
/// crud::document::contract; std::nullopt when none is named.
std::optional<ci_string> contract_of(const session& fields);

}  // namespace ocpi::sessions
