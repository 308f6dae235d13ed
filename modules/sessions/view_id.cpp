#include "modules/sessions/view_id.hpp"

#include "ocpi/base/uuid.hpp"

namespace ocpi::sessions {

std::string view_id(const session_key& key)
{
    return make_url_uuid("ocpi:session:" + key.country_code.folded() + '/' + key.party_id.folded() +
                         '/' + key.id.folded());
}

/// With milliseconds always, so that the order of texts is that of instants.
std::string settled_rank(date_time settled_at, const std::string& view_id)
{
    auto text = to_string(settled_at);
    const bool has_milliseconds = text.find('.') != std::string::npos;
    if (!has_milliseconds) text.insert(text.size() - 1, ".000");
    return text + '/' + view_id;
}

}  // namespace ocpi::sessions
