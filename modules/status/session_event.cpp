#include "modules/status/session_event.hpp"

#include "ocpi/json/document.hpp"

#include <functional>
#include <utility>

namespace ocpi::status {

ci_string contract_of(std::string_view json)
{
    const auto session = json::parse(json);
    if (session.has_error()) return {};
    const auto token = session->root().find("cdr_token");
    if (!token) return {};
    const auto contract = token->find("contract_id");
    if (!contract) return {};
    return ci_string(std::string(contract->string()));
}

std::string write_event(crud::revision id, std::string_view data)
{
    std::string text = "id: " + std::to_string(id) + "\nevent: status\ndata: ";
    text.reserve(text.size() + data.size() + 2);
    // Within JSON a line can only end where white space may stand.
    for (const char each : data) text += each == '\n' || each == '\r' ? ' ' : each;
    text += "\n\n";
    return text;
}

session_event::session_event(std::string name, crud::revision at, ci_string contract,
                             std::string_view data, std::shared_ptr<event_bytes> counted_in)
    : session(std::move(name)),
      session_hash(std::hash<std::string>()(session)),
      revision(at),
      contract_id(std::move(contract)),
      text(write_event(at, data)),
      counted_in_(std::move(counted_in))
{
    *counted_in_ += sizeof *this + text.size();
}

session_event::~session_event()
{
    *counted_in_ -= sizeof *this + text.size();
}

}  // namespace ocpi::status
