#include "modules/exchange/partner_memory.hpp"

#include "modules/sessions/codec.hpp"

#include <utility>

namespace ocpi::exchange {

std::optional<crud::revision> partner_memory::revision_at(const session_at_partner& of) const
{
    const auto known = acknowledged_.find(name_of(of));
    if (!known || known->revision == 0) return {};
    return known->revision;
}

std::optional<acknowledged_session> partner_memory::take_base(const session_at_partner& of,
                                                              std::optional<crud::revision> marked)
{
    const auto name = name_of(of);
    auto known = acknowledged_.find(name);
    if (!known || known->revision == 0) return {};
    acknowledged_.remember(name, sessions::known_session());
    // Another process may have pushed since.
    if (marked != known->revision) return {};
    auto parsed = json::parse(known->json);
    if (parsed.has_error()) return {};
    const auto updated = sessions::read_stored_head(*parsed).last_updated;
    if (!updated) return {};
    const session_state state(known->revision, *updated);
    if (!served_.is_certain(of.emsp, of.session, state)) return {};
    return acknowledged_session(state, std::move(*parsed));
}

void partner_memory::leave_open(const session_at_partner& of, session_state sent)
{
    served_.note(of.emsp, of.session, sent);
}

bool partner_memory::is_overtaken(const session_at_partner& of, session_state base,
                                  session_state sent) const
{
    return served_.is_overtaken(of.emsp, of.session, base, sent);
}

void partner_memory::acknowledge(const session_at_partner& of, session_state sent, std::string text)
{
    served_.acknowledge(of.emsp, of.session, sent);
    sessions::known_session latest(crud::object_key(), sent.revision, std::move(text));
    acknowledged_.remember(name_of(of), std::move(latest));
}

}  // namespace ocpi::exchange
