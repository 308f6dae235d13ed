#include "modules/sessions/session_record.hpp"

#include "modules/sessions/codec.hpp"
#include "modules/sessions/session_summary.hpp"
#include "modules/sessions/settled_rank.hpp"
#include "modules/sessions/view_id.hpp"
#include "ocpi/json/document.hpp"
#include "ocpi/protocol/contract_id.hpp"

#include <string>
#include <utility>

namespace ocpi::sessions {

error damaged_session(std::string_view why)
{
    return error(errc::storage, "the stored session cannot be read", {},
                 std::string("a stored session is damaged: ").append(why));
}

namespace {

std::string rank_of(const settlement& of, std::optional<date_time> overdue,
                    const std::string& view_id)
{
    if (of.settled_at) return settled_rank(*of.settled_at, view_id);
    if (!of.awaiting_since) return {};
    const bool is_overdue = overdue && *of.awaiting_since <= *overdue;
    return is_overdue ? settled_rank(*of.awaiting_since, view_id)
                      : awaiting_rank(*of.awaiting_since, view_id);
}

}  // namespace

void set_index_values(crud::document& record, std::optional<ci_string> contract,
                      crud::summary summary, const settlement& of, std::optional<date_time> overdue)
{
    record.secondary_key = view_id(record.key);
    record.contract = std::move(contract);
    record.sort_key = rank_of(of, overdue, record.secondary_key);
    if (is_settled_rank(record.sort_key)) summary.category = completed_sessions;
    record.summary = std::move(summary);
}

bool set_index_values(crud::document& record)
{
    const auto parsed = json::parse(record.json);
    if (parsed.has_error()) return false;
    set_index_values(record, contract_of(read_stored_head(*parsed)), summarize(parsed->root()),
                     settlement_of(*parsed), std::nullopt);
    return true;
}

std::optional<ci_string> contract_of(const session& fields)
{
    if (!fields.cdr_token || fields.cdr_token->contract_id.empty()) return std::nullopt;
    return contract_key(fields.cdr_token->contract_id);
}

}  // namespace ocpi::sessions
