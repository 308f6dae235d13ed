#pragma once

#include "app/simulate/random_source.hpp"
#include "app/simulate/scenario.hpp"
#include "modules/tariffs/tariff.hpp"
#include "ocpi/base/time_zone.hpp"
#include "ocpi/protocol/party.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace ocpi::app::simulate {

/// One EVSE with one connector.
struct evse {
    std::string location_id;
    std::string evse_uid;
    std::string meter_id;
    /// Index in fleet::tariffs.
    std::size_t tariff = 0;
    bool is_dc = false;
    /// Of an AC connector: 1 or 3.
    int phases = 3;
    std::int64_t max_power_w = 0;
    /// The meter's register, which goes on from session to session.
    std::int64_t register_wh = 0;
    bool is_taken = false;
};

struct vehicle {
    std::string contract_id;
    std::string token_uid;
    /// `RFID` or `APP_USER`.
    std::string token_type;
    std::int64_t battery_wh = 0;
    std::int64_t max_ac_power_w = 0;
    std::int64_t max_dc_power_w = 0;
    /// Tells its state of charge at AC charge points too.
    bool tells_level = false;
    /// Not at a charge point.
    bool is_away = true;
};

/// A Tariff as it is sent and as the simulator prices by it.
struct fleet_tariff {
    std::string id;
    std::string json;
    tariffs::tariff_ptr fields;
    /// Energy is cheaper from 23:00 to 07:00.
    bool is_cheap_at_night = false;
};

struct fleet {
    party owner;
    /// The eMSP of all contracts.
    party emsp{"NL", "TNM"};
    /// Where all locations are: Europe/Madrid.
    time_zone zone;
    std::vector<fleet_tariff> tariffs;
    std::vector<evse> evses;
    /// Overnight, vehicle i lives at EVSE i.
    std::vector<vehicle> vehicles;
};

/// `charge_points` of one or two EVSEs each, and more vehicles than these. The same for the same
/// random numbers, whatever has been simulated with it before.
fleet make_fleet(const scenario& like, const party& owner, std::size_t charge_points,
                 random_source random);

/// The power that flows at that battery level; DC tapers above 60 %, AC above 95 %; 0 when full.
std::int64_t charging_power_w(const evse& at, const vehicle& of, std::int64_t level_wh);

/// The id of the policy that manages the vehicle's sessions.
std::string policy_id_of(const vehicle& of);

/// The policy as JSON: charged to 80 % every day by 07:00.
std::string write_policy(const fleet& of, std::size_t vehicle_index);

}  // namespace ocpi::app::simulate
