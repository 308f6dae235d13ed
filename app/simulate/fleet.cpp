#include "app/simulate/fleet.hpp"

#include "modules/tariffs/tariff_codec.hpp"
#include "ocpi/base/uuid.hpp"
#include "ocpi/json/writer.hpp"

#include <algorithm>
#include <cstdio>
#include <memory>
#include <stdexcept>

namespace ocpi::app::simulate {
namespace {

struct tariff_template {
    const char* id;
    const char* elements;
    bool is_cheap_at_night = false;
};

/// The last one is for DC.
constexpr tariff_template tariff_templates[] = {
    {"SIM-FLAT",
     R"([{"price_components":[{"type":"ENERGY","price":0.45,"vat":21,"step_size":1}]}])"},
    {"SIM-HOURS",
     R"([{"price_components":[{"type":"ENERGY","price":0.19,"vat":21,"step_size":1}],)"
     R"("restrictions":{"start_time":"23:00","end_time":"07:00"}},)"
     R"({"price_components":[{"type":"ENERGY","price":0.39,"vat":21,"step_size":1}]}])",
     true},
    {"SIM-START", R"([{"price_components":[{"type":"FLAT","price":0.50,"vat":21,"step_size":1},)"
                  R"({"type":"ENERGY","price":0.42,"vat":21,"step_size":1}]}])"},
    {"SIM-IDLE", R"([{"price_components":[{"type":"ENERGY","price":0.40,"vat":21,"step_size":1},)"
                 R"({"type":"PARKING_TIME","price":2.00,"vat":21,"step_size":60}]}])"},
    {"SIM-DC", R"([{"price_components":[{"type":"FLAT","price":0.35,"vat":21,"step_size":1},)"
               R"({"type":"ENERGY","price":0.69,"vat":21,"step_size":1},)"
               R"({"type":"PARKING_TIME","price":6.00,"vat":21,"step_size":60}]}])"},
};
constexpr std::size_t tariff_count = std::size(tariff_templates);
constexpr std::size_t night_tariff = 1;
constexpr std::size_t dc_tariff = tariff_count - 1;

fleet_tariff make_tariff(const tariff_template& from, const party& owner)
{
    json::object_writer tariff;
    tariff.string("country_code", owner.country_code.str());
    tariff.string("party_id", owner.party_id.str());
    tariff.string("id", from.id);
    tariff.string("currency", "EUR");
    tariff.string("tax_included", "NO");
    tariff.raw("elements", from.elements);
    tariff.string("last_updated", "2024-01-01T00:00:00Z");
    fleet_tariff made;
    made.id = from.id;
    made.json = tariff.finish();
    made.is_cheap_at_night = from.is_cheap_at_night;
    const auto document = json::parse(made.json).value();
    made.fields = std::make_shared<const tariffs::tariff>(tariffs::read_tariff(document).value());
    return made;
}

std::string numbered(const char* format, std::size_t number)
{
    char text[40];
    std::snprintf(text, sizeof text, format, static_cast<unsigned>(number));
    return text;
}

constexpr std::size_t charge_points_per_location = 4;

void add_charge_point(fleet& to, const scenario& like, std::size_t number, random_source& random)
{
    static const std::vector<std::int64_t> ac_powers{3'700, 7'400, 11'000, 11'000, 22'000};
    static const std::vector<std::int64_t> dc_powers{50'000, 100'000, 150'000, 150'000, 300'000};
    const bool is_dc = random.chance(like.dc_share);
    const auto power = like.is_overnight ? random.pick(std::vector<std::int64_t>{7'400, 11'000})
                                         : random.pick(is_dc ? dc_powers : ac_powers);
    const auto count = like.is_overnight ? 1 : random.between(1, 2);
    for (std::int64_t i = 0; i < count; ++i) {
        evse made;
        made.location_id =
            like.is_overnight
                ? numbered("SIM-HOME-%03u", number)
                : numbered("SIM-L%03u", (number - 1) / charge_points_per_location + 1);
        made.evse_uid = numbered("SIM-CP%04u-", number) + std::to_string(i + 1);
        made.meter_id = numbered("MTR-%05u", to.evses.size() + 1);
        made.is_dc = is_dc;
        made.max_power_w = power;
        made.phases = power <= 7'400 ? 1 : 3;
        made.register_wh = random.between(1'000, 40'000'000);
        made.tariff = like.is_overnight ? night_tariff
                      : is_dc           ? dc_tariff
                                        : static_cast<std::size_t>(random.between(0, 3));
        to.evses.push_back(std::move(made));
    }
}

vehicle make_vehicle(const party& emsp, std::size_t number, random_source& random)
{
    vehicle made;
    made.contract_id = emsp.country_code.str() + '-' + emsp.party_id.str() +
                       numbered("-C%08u", number) + '-' + std::to_string(number % 10);
    made.token_type = random.chance(60) ? "RFID" : "APP_USER";
    made.token_uid = made.token_type == "RFID" ? numbered("04A2%08X", number * 2'654'435'761U)
                                               : numbered("app-%06u", number);
    made.battery_wh = random.between(38, 95) * 1'000;
    made.max_ac_power_w = random.pick(std::vector<std::int64_t>{7'400, 11'000, 11'000, 22'000});
    made.max_dc_power_w = random.between(5, 22) * 10'000;
    made.tells_level = random.chance(50);
    return made;
}

}  // namespace

fleet make_fleet(const scenario& like, const party& owner, std::size_t charge_points,
                 random_source random)
{
    fleet made;
    made.owner = owner;
    const auto zone = time_zone::find("Europe/Madrid");
    if (!zone) throw std::runtime_error("there is no time zone Europe/Madrid on this machine");
    made.zone = *zone;
    for (const auto& each : tariff_templates) made.tariffs.push_back(make_tariff(each, owner));
    for (std::size_t i = 0; i < charge_points; ++i) add_charge_point(made, like, i + 1, random);
    const auto vehicles = like.is_overnight ? made.evses.size() : 2 * made.evses.size() + 3;
    for (std::size_t i = 0; i < vehicles; ++i) {
        made.vehicles.push_back(make_vehicle(made.emsp, i + 1, random));
        if (like.is_overnight) made.vehicles.back().tells_level = true;
    }
    return made;
}

std::int64_t charging_power_w(const evse& at, const vehicle& of, std::int64_t level_wh)
{
    if (level_wh >= of.battery_wh) return 0;
    const auto permille = level_wh * 1000 / of.battery_wh;
    if (at.is_dc) {
        const auto power = std::min(at.max_power_w, of.max_dc_power_w);
        // From full power at 60 % down to 15 % of it at 100 %.
        return permille <= 600 ? power : power * (1000 - (permille - 600) * 85 / 40) / 1000;
    }
    auto power = std::min(at.max_power_w, of.max_ac_power_w);
    if (at.phases == 1) power = std::min<std::int64_t>(power, 7'400);
    return permille <= 950 ? power : power / 2;
}

std::string policy_id_of(const vehicle& of)
{
    return make_url_uuid("ocpi-sessions:simulate:policy:" + of.contract_id);
}

std::string write_policy(const fleet& of, std::size_t vehicle_index)
{
    const auto& owner = of.vehicles[vehicle_index];
    const auto& home = of.evses[vehicle_index];
    json::object_writer location;
    location.string("countryCode", of.owner.country_code.str());
    location.string("partyId", of.owner.party_id.str());
    location.string("locationId", home.location_id);
    json::object_writer battery;
    battery.raw("batteryCapacityKwh", std::to_string(owner.battery_wh / 1000));
    const auto power = charging_power_w(home, owner, 0);
    battery.raw("maxPowerKw",
                std::to_string(power / 1000) + '.' + std::to_string(power % 1000 / 100));
    json::object_writer policy;
    policy.string("timezone", of.zone.name());
    policy.raw("contractIds", '[' + json::quote(owner.contract_id) + ']');
    policy.raw("location", location.finish());
    policy.raw("vehicle", battery.finish());
    policy.integer("batteryReserve", 20);
    policy.raw("schedule",
               R"([{"weekdays":["MONDAY","TUESDAY","WEDNESDAY","THURSDAY","FRIDAY","SATURDAY",)"
               R"("SUNDAY"],"readyBy":"07:00","minimumChargeTarget":80}])");
    return policy.finish();
}

}  // namespace ocpi::app::simulate
