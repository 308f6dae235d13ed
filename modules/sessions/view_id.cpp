#include "modules/sessions/view_id.hpp"

#include "ocpi/base/uuid.hpp"

namespace ocpi::sessions {

std::string view_id(const session_key& key)
{
    return make_url_uuid("ocpi:session:" + key.country_code.folded() + '/' + key.party_id.folded() +
                         '/' + key.id.folded());
}

}  // namespace ocpi::sessions
