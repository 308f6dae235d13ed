#pragma once

#include "app/simulate/fleet.hpp"
#include "app/simulate/session_document.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace ocpi::app::simulate {

/// `12.345` for 12345 Wh, exact.
std::string write_kwh(std::int64_t wh);

/// The members of a Session that never change.
void write_identity(session_document& into, const fleet& of, const evse& at, const vehicle& driven,
                    const std::string& id);

struct charging_period_text {
    std::string start;
    std::int64_t energy_wh = 0;
    /// The volume of ENERGY is written in Wh, against the specification.
    bool is_in_wh = false;
    std::chrono::milliseconds time{};
    std::string tariff_id;
};

/// A ChargingPeriod with TIME, or with PARKING_TIME where no energy has flowed.
std::string write_charging_period(const charging_period_text& period);

/// A MeterValue in the words of OCPP.
struct meter_reading {
    /// `Transaction.Begin`, `Sample.Periodic`, `Transaction.End`.
    const char* context = "";
    std::string at;
    std::int64_t register_wh = 0;
    std::int64_t power_w = 0;
    /// Power is told for each of three phases, else as a whole.
    int phases = 0;
    std::optional<std::int64_t> level_percent;
};

std::string write_meter_value(const meter_reading& reading);

/// What the tariff makes of the session, as a Price in full cents; std::nullopt when it cannot be
/// priced.
std::optional<std::string> write_total_cost(std::string_view session, const fleet& of,
                                            std::size_t tariff);

}  // namespace ocpi::app::simulate
