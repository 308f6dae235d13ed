#pragma once

#include "ocpi/base/error.hpp"
#include "ocpi/protocol/party.hpp"
#include "ocpi/protocol/trace_context.hpp"

#include <boost/asio/awaitable.hpp>

#include <string>
#include <utility>

namespace ocpi::sessions {

/// The answer of the CPO's platform.
struct forwarded_preferences {
    /// Its data, a ChargingPreferencesResponse such as `ACCEPTED`, without quotes.
    std::string response;

    forwarded_preferences() = default;
    explicit forwarded_preferences(std::string answered) : response(std::move(answered)) {}
};

/// Forwards charging preferences from us as an eMSP to the CPO's platform [sessions, Sender
/// interface, PUT method], as a port. Called from any thread, concurrently.
class preferences_forwarder {
public:
    virtual ~preferences_forwarder() = default;

    /// False when no partner is registered for that CPO.
    virtual boost::asio::awaitable<bool> can_reach(party cpo)
    {
        (void)cpo;
        co_return true;
    }

    /// Sends `body`, a ChargingPreferences object, for that session of `cpo` on behalf of our
    /// party `emsp`, with the X-Correlation-ID and the trace of the original request; empty for
    /// none. errc::not_found when the CPO does not know the session or does not accept preferences
    /// for it; errc::invalid when it refuses otherwise; errc::partner_failure when no partner is
    /// registered for the CPO or it cannot be reached; each with a text for our operator.
    virtual boost::asio::awaitable<result<forwarded_preferences>> forward(
        party cpo, party emsp, std::string session_id, std::string body, std::string correlation_id,
        protocol::trace_context trace) = 0;
};

}  // namespace ocpi::sessions
