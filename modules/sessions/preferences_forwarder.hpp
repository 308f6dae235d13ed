#pragma once

#include "ocpi/base/error.hpp"
#include "ocpi/protocol/party.hpp"

#include <boost/asio/awaitable.hpp>

#include <string>
#include <utility>

namespace ocpi::sessions {

/// What the CPO's platform has answered.
struct forwarded_preferences {
    /// Its data, a ChargingPreferencesResponse such as `ACCEPTED`, without quotes.
    std::string response;

    forwarded_preferences() = default;
    explicit forwarded_preferences(std::string answered) : response(std::move(answered)) {}
};

/// The way of charging preferences from us as an eMSP to the platform of the CPO [sessions,
/// Sender interface, PUT method], as a port. Called from any thread, many calls at a time.
class preferences_forwarder {
public:
    virtual ~preferences_forwarder() = default;

    /// False when nobody is there to send anything to: no partner is registered for that CPO.
    virtual boost::asio::awaitable<bool> can_reach(party cpo)
    {
        (void)cpo;
        co_return true;
    }

    /// Sends `body`, a ChargingPreferences object, for the session of `cpo` with that id, on
    /// behalf of our party `emsp`, under the X-Correlation-ID of the request that brought it; empty
    /// for none. errc::not_found when the CPO does not know the session or takes no preferences
    /// for it; errc::invalid when it refuses otherwise; errc::partner_failure when no partner is
    /// registered for the CPO, or it cannot be reached; each with a text for our operator.
    virtual boost::asio::awaitable<result<forwarded_preferences>> forward(
        party cpo, party emsp, std::string session_id, std::string body,
        std::string correlation_id) = 0;
};

}  // namespace ocpi::sessions
