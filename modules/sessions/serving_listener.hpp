#pragma once

#include "crud/crud.hpp"

namespace ocpi::sessions {

/// Notified of the states of our own sessions that eMSPs read through the Sender interface, in
/// lists and singly.
class serving_listener {
public:
    virtual ~serving_listener() = default;

    /// Called before the first byte of an answer with this state goes to a platform of the
    /// session's eMSP, on any thread; must return quickly.
    virtual void on_served(const crud::record& session) noexcept = 0;
};

}  // namespace ocpi::sessions
