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

/// The properties of an EVSE that matter to sessions.
struct evse {
    /// [locations, Capability], an OpenEnum: `CHARGING_PREFERENCES_CAPABLE`, …
    std::vector<std::string> capabilities;
    /// Profiles offered to drivers.
    std::vector<profile_type> profile_types;
    /// Whether the profiles CHEAP, GREEN and REGULAR need a departure time.
    bool requires_departure_time = false;
    bool requires_energy_need = false;
    /// Maximum power; std::nullopt when unknown.
    std::optional<decimal> max_power_kw;
    /// An IANA name, such as `Europe/Madrid`; empty when unknown.
    std::string time_zone;
    /// Tariff id of each profile.
    std::map<profile_type, std::string> tariff_ids;
    /// A placeholder for unknown EVSEs: metered energy is not checked against max_power_kw.
    bool is_stand_in = false;
};

/// The EVSEs of our own CPO parties, as a port: an embedding program knows them from its own
/// Locations. Pricing also asks for EVSEs of other CPOs, for time zones and tariffs. Called from
/// any thread, concurrently.
class evse_directory {
public:
    virtual ~evse_directory() = default;

    /// Returns the EVSE with that CPO, location and uid, compared without regard to case;
    /// std::nullopt when there is none. Errors are passed on to the client unchanged.
    virtual boost::asio::awaitable<result<std::optional<evse>>> find(party owner,
                                                                     std::string location_id,
                                                                     std::string evse_uid) = 0;
};

/// An EVSE, or a group of EVSEs, as configured by an operator.
struct configured_evse {
    party owner;
    /// `*` stands for any.
    std::string location_id;
    std::string evse_uid;
    sessions::evse evse;
};

/// A fixed list of EVSEs. Of several matching entries an exact location wins over `*`, then an
/// exact EVSE, then the first entry.
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
