#pragma once

#include "crud/crud.hpp"
#include "modules/sessions/session.hpp"
#include "ocpi/protocol/party.hpp"

#include <boost/asio/awaitable.hpp>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace ocpi::sessions {

/// A write that has changed a session.
struct session_change {
    /// In the case of the session's creation.
    session_key key;
    crud::revision revision = 0;
    /// The eMSP of the session as it is now; none if it names none.
    std::optional<party> emsp;
    /// The contract of its cdr_token; none if it names none.
    std::optional<ci_string> contract;
    /// The session as it is now.
    std::shared_ptr<const std::string> json;
    /// It has settled (session_record.hpp).
    bool has_settled = false;

    session_change(session_key of, crud::revision now_at, std::optional<party> concerns,
                   std::optional<ci_string> under, std::shared_ptr<const std::string> text)
        : key(std::move(of)),
          revision(now_at),
          emsp(std::move(concerns)),
          contract(std::move(under)),
          json(std::move(text))
    {
    }
};

/// Is told of every write of this process that has changed a session. What other processes write
/// to the same store it is not told: that is found by listing what has changed after a revision.
class change_listener {
public:
    virtual ~change_listener() = default;

    /// Called once the write is durable, before its caller is answered, on any thread: by many
    /// at once, but for one session one after another and in the order of revisions. Must return
    /// soon: the next writer of the session waits for it.
    virtual void on_change(const session_change& change) noexcept = 0;

    /// A write has given the record the revision `now` and left the session as it was at
    /// `before`. Awaited before on_change() is called for it; failures are the listener's own.
    virtual boost::asio::awaitable<void> on_same_session([[maybe_unused]] session_key key,
                                                         [[maybe_unused]] crud::revision before,
                                                         [[maybe_unused]] crud::revision now)
    {
        co_return;
    }
};

using change_listeners = std::vector<std::shared_ptr<change_listener>>;

}  // namespace ocpi::sessions
