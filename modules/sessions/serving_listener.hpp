#pragma once

#include "crud/crud.hpp"

namespace ocpi::sessions {

/// Is told which states of our own sessions their eMSPs read through the Sender interface, in
/// lists and singly.
class serving_listener {
public:
    virtual ~serving_listener() = default;

    /// The state is about to be answered to a platform of the session's eMSP. Called on any
    /// thread, before a byte of the answer leaves; must return soon.
    virtual void on_served(const crud::record& session) noexcept = 0;
};

}  // namespace ocpi::sessions
