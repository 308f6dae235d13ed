#include "modules/status/event_source.hpp"

#include "modules/sessions/settled_rank.hpp"

#include <utility>

namespace ocpi::status {

found_session found_session_of(crud::record stored)
{
    found_session found;
    found.key = stored.document.key;
    found.revision = stored.revision;
    found.has_settled = sessions::is_settled_rank(stored.document.sort_key);
    found.json = std::make_shared<const std::string>(std::move(stored.document.json));
    return found;
}

}  // namespace ocpi::status
