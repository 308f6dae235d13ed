#include "modules/sessions/view_id.hpp"

#include "ocpi/base/uuid.hpp"

namespace ocpi::sessions {

std::string view_id(const crud::object_key& key)
{
    return make_url_uuid("ocpi:session:" + key.folded());
}

}  // namespace ocpi::sessions
