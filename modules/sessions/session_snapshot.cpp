#include "modules/sessions/session_snapshot.hpp"

#include "modules/sessions/preferred_profile.hpp"
#include "modules/sessions/session_record.hpp"
#include "modules/sessions/settled_rank.hpp"
#include "modules/sessions/settlement.hpp"
#include "modules/sessions/view_id.hpp"

#include <utility>

namespace ocpi::sessions {

result<session_snapshot> read_snapshot(const crud::record& record)
{
    auto parsed = json::parse(record.document.json);
    if (parsed.has_error()) return damaged_session(parsed.error().text());
    session_snapshot session;
    session.key = record.document.key;
    session.view_id = view_id(session.key);
    session.revision = record.revision;
    session.seen = parse_stored(*parsed);
    if (is_settled_rank(record.document.sort_key)) take_as_final(session.seen);
    session.settled_at = settled_at(session.seen);
    const auto wished = parsed->root().find("charging_preferences");
    if (wished && wished->is(json::kind::object)) session.preferences = wished->text();
    session.profile = preferred_profile(*parsed);
    session.document = std::make_shared<const json::document>(std::move(*parsed));
    return session;
}

}  // namespace ocpi::sessions
