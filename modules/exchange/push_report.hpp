#pragma once

#include "crud/crud.hpp"

#include <chrono>
#include <limits>
#include <optional>
#include <string>
#include <utility>

namespace ocpi::exchange {

enum class push_outcome {
    done,          ///< the partner has the session, or the session does not belong to this partner
    rejected,      ///< the partner does not accept the session
    unreached,     ///< the partner is a hub and does not reach the session's eMSP at present
    failed,        ///< the partner is unhealthy
    store_failed,  ///< our own store has failed
    cancelled,     ///< the push was stopped
};

/// What became of an attempt to bring a session to a partner.
struct push_report {
    push_outcome outcome = push_outcome::done;
    /// For the log: what the partner answered, or why the store failed.
    std::string words;
    /// The revision of the session that was sent; the greatest value if there is no session to be
    /// sent.
    crud::revision revision = std::numeric_limits<crud::revision>::max();
    /// A message was sent.
    bool was_sent = false;
    /// push_fsm::answered() was called for it.
    bool was_answered = false;
    /// The partner has accepted the whole session.
    bool was_put = false;
    /// The message was too long for the partner (HTTP 413).
    bool is_too_long = false;
    /// A message was acknowledged without the OCPI envelope.
    bool is_without_envelope = false;
    /// The pause that the partner requests.
    std::optional<std::chrono::seconds> retry_after;

    push_report() = default;
    explicit push_report(push_outcome of, std::string why = {}) : outcome(of), words(std::move(why))
    {
    }
};

}  // namespace ocpi::exchange
