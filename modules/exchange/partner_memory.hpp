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
    /// The partner and its registration.
    std::string partner;
    /// The eMSP of the session, folded.
    std::string emsp;
    /// The session's key, folded.
    std::string session;
};

/// The state of a session last acknowledged by a partner.
struct acknowledged_session {
    session_state state;
    /// As sent.
    json::document document;

    acknowledged_session(session_state of, json::document text)
        : state(of), document(std::move(text))
    {
    }
};

/// In-memory state of what partners hold of our sessions: their last acknowledgements, and other
/// states they may hold. Decides when a PATCH is safe. Not durable: after a restart changes are
/// sent by PUT. Other processes on the same store have their own memory. Safe from any thread; for
/// one session at a partner, one push at a time.
class partner_memory {
public:
    /// `max_bytes` of acknowledged sessions, `max_served` sessions that were read.
    partner_memory(std::size_t max_bytes, std::size_t max_served)
        : acknowledged_(max_bytes), served_(max_served)
    {
    }

    /// The revision last acknowledged by the partner.
    std::optional<crud::revision> revision_at(const session_at_partner& of) const;

    /// Call before a message: the acknowledged session as the base of a PATCH; std::nullopt when
    /// the partner may hold another state, or when `marked`, its durable revision, differs. The
    /// acknowledgement is removed, because the partner may accept the message whatever its outcome.
    std::optional<acknowledged_session> take_base(const session_at_partner& of,
                                                  std::optional<crud::revision> marked);

    /// The message with that state had no answer: the partner may accept it now or later.
    void leave_open(const session_at_partner& of, session_state sent);

    /// Call after the PATCH from `base` to `sent` was acknowledged: true if it may have been
    /// applied to another state. Then the session must be sent again, by PUT.
    bool is_overtaken(const session_at_partner& of, session_state base, session_state sent) const;

    /// The message with that state was acknowledged, and that is stored.
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
