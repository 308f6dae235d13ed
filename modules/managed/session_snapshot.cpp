#include "modules/managed/session_snapshot.hpp"

#include "modules/sessions/preferred_profile.hpp"
#include "modules/sessions/session_record.hpp"
#include "modules/sessions/settled_rank.hpp"
#include "modules/sessions/settlement.hpp"
#include "ocpi/json/document.hpp"
#include "ocpi/protocol/contract_id.hpp"

namespace ocpi::managed {

bool has_begun(const sessions::session_data& seen) noexcept
{
    return seen.fields.status == sessions::session_status::active ||
           seen.fields.status == sessions::session_status::completed;
}

std::optional<session_snapshot> read_snapshot(const crud::record& record)
{
    const auto parsed = json::parse(record.document.json);
    if (parsed.has_error()) return std::nullopt;
    session_snapshot session;
    session.key = record.document.key;
    session.revision = record.revision;
    session.seen = sessions::parse_stored(*parsed);
    if (!session.seen.fields.status || !session.seen.fields.start_date_time) return std::nullopt;
    if (sessions::is_settled_rank(record.document.sort_key)) sessions::take_as_final(session.seen);
    session.settled_at = sessions::settled_at(session.seen);
    const auto wished = parsed->root().find("charging_preferences");
    if (wished && wished->is(json::kind::object)) session.preferences = wished->text();
    session.profile = sessions::preferred_profile(*parsed);
    return session;
}

}  // namespace ocpi::managed
