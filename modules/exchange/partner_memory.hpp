#pragma once

#include "modules/exchange/served_states.hpp"
#include "modules/sessions/session_cache.hpp"
#include "ocpi/json/document.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <utility>

namespace ocpi::exchange {

/// A session at a partner.
struct session_at_partner {
    /// Names the partner and its registration.
    std::string partner;
    /// The eMSP of the session, folded.
    std::string emsp;
    /// The session's key, folded.
    std::string session;
};

/// What a partner has acknowledged last of a session.
struct acknowledged_session {
    session_state state;
    /// As it was sent.
    json::document document;

    acknowledged_session(session_state of, json::document text)
        : state(of), document(std::move(text))
    {
    }
};

/// What is remembered of what partners hold of our sessions: their last acknowledgements, and
/// what they may hold besides. It decides when a PATCH is safe. Not durable: after a restart
/// nothing is, and what changes goes by PUT. Other processes on the same store have a memory of
/// their own. Safe from any thread; for one session at a partner, a push at a time.
class partner_memory {
public:
    /// So many bytes of acknowledged sessions, so many sessions that were read.
    partner_memory(std::size_t max_bytes, std::size_t max_served)
        : acknowledged_(max_bytes), served_(max_served)
    {
    }

    /// The revision that the partner has acknowledged last.
    std::optional<crud::revision> revision_at(const session_at_partner& of) const;

    /// Before a message: the acknowledged session from which a PATCH can be made; std::nullopt
    /// when the partner may hold something else, or when `marked`, the revision that it has by
    /// what is durable, is another. Whatever becomes of the message, the partner may have taken
    /// it, so that the acknowledgement is forgotten.
    std::optional<acknowledged_session> take_base(const session_at_partner& of,
                                                  std::optional<crud::revision> marked);

    /// The message of that state had no answer: it may have been taken, or be taken yet.
    void leave_open(const session_at_partner& of, session_state sent);

    /// After the PATCH from `base` to `sent` was acknowledged: whether it may have met something
    /// else. Then the session is to be sent again, by PUT.
    bool is_overtaken(const session_at_partner& of, session_state base, session_state sent) const;

    /// The message of that state was acknowledged, and that is written down.
    void acknowledge(const session_at_partner& of, session_state sent, std::string text);

    /// The eMSP reads that state.
    void serve(const std::string& emsp, const std::string& session, session_state state) noexcept
    {
        served_.note(emsp, session, state);
    }

private:
    static std::string name_of(const session_at_partner& of) { return of.partner + of.session; }

    sessions::session_cache acknowledged_;
    served_states served_;
};

}  // namespace ocpi::exchange
