#include "modules/managed/policy.hpp"

#include "ocpi/protocol/contract_id.hpp"

namespace ocpi::managed {

bool is_at(const policy_location& place, const sessions::session& fields)
{
    return fields.country_code == place.country_code && fields.party_id == place.party_id &&
           fields.location_id == place.location_id &&
           (!place.evse_uid || fields.evse_uid == place.evse_uid);
}

bool covers(const policy& rule, const sessions::session& fields)
{
    return fields.cdr_token && has_contract(rule.contract_ids, fields.cdr_token->contract_id) &&
           is_at(rule.location, fields);
}

}  // namespace ocpi::managed
