#pragma once

#include "modules/sessions/profile_type.hpp"
#include "ocpi/base/decimal.hpp"
#include "ocpi/base/error.hpp"
#include "ocpi/protocol/party.hpp"

#include <boost/asio/awaitable.hpp>

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace ocpi::sessions {

/// What an EVSE can do, as far as sessions are concerned.
struct evse {
    /// [locations, Capability], an OpenEnum: `CHARGING_PREFERENCES_CAPABLE`, …
    std::vector<std::string> capabilities;
    /// The profiles that it offers to drivers.
    std::vector<profile_type> profile_types;
    /// What it must be told before it charges by the profiles CHEAP, GREEN and REGULAR.
    bool requires_departure_time = false;
    bool requires_energy_need = false;
    /// The most that it can deliver; nothing when that is not known.
    std::optional<decimal> max_power_kw;
    /// An IANA name, such as `Europe/Madrid`; empty when not known.
    std::string time_zone;
    /// The tariff of each profile, by its id.
    std::map<profile_type, std::string> tariff_ids;
    /// It stands for EVSEs of which nothing is known: what a meter has counted is not judged by
    /// its max_power_kw.
    bool is_stand_in = false;
};

/// The EVSEs of our own CPO parties, as a port: an embedding program knows them from its own
/// Locations. Those who price ask for EVSEs of other CPOs too, for time zones and tariffs. Called
/// from any thread, many calls at a time.
class evse_directory {
public:
    virtual ~evse_directory() = default;

    /// The EVSE of that CPO, location and uid, which compare without regard to case; nothing
    /// when there is none such. An error is answered to the caller as what it is.
    virtual boost::asio::awaitable<result<std::optional<evse>>> find(party owner,
                                                                     std::string location_id,
                                                                     std::string evse_uid) = 0;
};

/// An EVSE, or many of them at once, as an operator describes them.
struct configured_evse {
    party owner;
    /// `*` stands for any.
    std::string location_id;
    std::string evse_uid;
    sessions::evse evse;
};

/// A fixed list of EVSEs. Where several entries match, that with an exact location counts before
/// one with `*`, then that with an exact EVSE, then the first.
class configured_evse_directory final : public evse_directory {
public:
    explicit configured_evse_directory(std::vector<configured_evse> entries)
        : entries_(std::move(entries))
    {
    }

    boost::asio::awaitable<result<std::optional<evse>>> find(party owner, std::string location_id,
                                                             std::string evse_uid) override;

private:
    const std::vector<configured_evse> entries_;
};

}  // namespace ocpi::sessions
