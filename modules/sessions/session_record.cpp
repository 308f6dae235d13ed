#include "modules/sessions/session_record.hpp"

#include "modules/sessions/codec.hpp"
#include "modules/sessions/settlement.hpp"
#include "modules/sessions/view_id.hpp"
#include "ocpi/json/document.hpp"
#include "ocpi/protocol/contract_id.hpp"

#include <string>
#include <utility>

namespace ocpi::sessions {

crud::record_key record_key_of(const session_key& key)
{
    return crud::record_key(key.country_code.str(), key.party_id.str(), key.id.str());
}

session_key session_key_of(const crud::record_key& key)
{
    return session_key(key.country_code.str(), key.party_id.str(), key.id.str());
}

error damaged_session(std::string_view why)
{
    return error(errc::storage, "the stored session cannot be read", {},
                 std::string("a stored session is damaged: ").append(why));
}

void set_finding_values(crud::document& record, std::optional<ci_string> contract,
                        std::optional<date_time> settled_at)
{
    record.alias = view_id(session_key_of(record.key));
    record.contract = std::move(contract);
    record.rank = settled_at ? settled_rank(*settled_at, record.alias) : std::string();
}

bool set_finding_values(crud::document& record)
{
    const auto parsed = json::parse(record.json);
    if (parsed.has_error()) return false;
    set_finding_values(record, contract_of(read_stored_head(*parsed)), settled_at(*parsed));
    return true;
}

std::optional<ci_string> contract_of(const session& fields)
{
    if (!fields.cdr_token || fields.cdr_token->contract_id.empty()) return std::nullopt;
    return contract_key(fields.cdr_token->contract_id);
}

}  // namespace ocpi::sessions
