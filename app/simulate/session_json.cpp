#include "app/simulate/session_json.hpp"

#include "modules/pricing/engine.hpp"
#include "modules/pricing/session_reader.hpp"
#include "ocpi/base/decimal.hpp"
#include "ocpi/json/writer.hpp"

#include <array>

namespace ocpi::app::simulate {
namespace {

/// `number` × 10^-`places`, exact.
std::string write_scaled(std::int64_t number, int places)
{
    return to_text(*decimal::parse(std::to_string(number) + "e-" + std::to_string(places)));
}

std::string write_dimension(std::string_view type, const std::string& volume)
{
    json::object_writer dimension;
    dimension.string("type", type);
    dimension.raw("volume", volume);
    return dimension.finish();
}

/// Hours to four decimals, as OCPI writes numbers.
std::string write_hours(std::chrono::milliseconds time)
{
    return write_scaled((time.count() + 180) / 360, 4);
}

/// One SampledValue.
json::object_writer begin_sample(const char* context, std::int64_t value, const char* measurand,
                                 const char* unit)
{
    json::object_writer sample;
    sample.string("value", std::to_string(value));
    sample.string("context", context);
    sample.string("measurand", measurand);
    sample.string("unit", unit);
    return sample;
}

std::string in_cents(const rational& amount)
{
    return to_text(rounded(amount, 2), 2);
}

}  // namespace

std::string write_kwh(std::int64_t wh)
{
    return write_scaled(wh, 3);
}

void write_identity(session_document& into, const fleet& of, const evse& at, const vehicle& driven,
                    const std::string& id)
{
    into.set_string("country_code", of.owner.country_code.str());
    into.set_string("party_id", of.owner.party_id.str());
    into.set_string("id", id);
    json::object_writer token;
    token.string("country_code", of.emsp.country_code.str());
    token.string("party_id", of.emsp.party_id.str());
    token.string("uid", driven.token_uid);
    token.string("type", driven.token_type);
    token.string("contract_id", driven.contract_id);
    into.set("cdr_token", token.finish());
    into.set_string("auth_method", driven.token_type == "RFID" ? "WHITELIST" : "COMMAND");
    into.set_string("location_id", at.location_id);
    into.set_string("evse_uid", at.evse_uid);
    into.set_string("connector_id", "1");
    into.set_string("meter_id", at.meter_id);
    into.set_string("currency", "EUR");
}

std::string write_charging_period(const charging_period_text& period)
{
    json::array_writer dimensions;
    dimensions.raw(
        write_dimension("ENERGY", write_scaled(period.energy_wh, period.is_in_wh ? 0 : 3)));
    dimensions.raw(
        write_dimension(period.energy_wh > 0 ? "TIME" : "PARKING_TIME", write_hours(period.time)));
    json::object_writer written;
    written.string("start_date_time", period.start);
    written.raw("dimensions", dimensions.finish());
    written.string("tariff_id", period.tariff_id);
    return written.finish();
}

std::string write_meter_value(const meter_reading& reading)
{
    json::array_writer samples;
    samples.raw(
        begin_sample(reading.context, reading.register_wh, "Energy.Active.Import.Register", "Wh")
            .finish());
    constexpr int three_phases = 3;
    if (reading.phases == three_phases) {
        for (const char* phase : {"L1", "L2", "L3"}) {
            auto sample = begin_sample(reading.context, reading.power_w / three_phases,
                                       "Power.Active.Import", "W");
            sample.string("phase", phase);
            samples.raw(sample.finish());
        }
    } else {
        samples.raw(
            begin_sample(reading.context, reading.power_w, "Power.Active.Import", "W").finish());
    }
    if (reading.level_percent) {
        auto sample = begin_sample(reading.context, *reading.level_percent, "SoC", "Percent");
        sample.string("location", "EV");
        samples.raw(sample.finish());
    }
    json::object_writer value;
    value.string("timestamp", reading.at);
    value.raw("sampled_value", samples.finish());
    return value.finish();
}

std::optional<std::string> write_total_cost(std::string_view session, const fleet& of,
                                            std::size_t tariff)
{
    const auto document = json::parse(session);
    if (document.has_error()) return std::nullopt;
    const auto input = pricing::read_priced_session(*document, pricing::cost_input_kind::session);
    if (input.has_error()) return std::nullopt;
    const std::array<tariffs::tariff_ptr, 1> by{of.tariffs[tariff].fields};
    const auto priced = pricing::make_breakdown(input->session, by, of.zone);
    if (!priced.before_taxes) return std::nullopt;
    json::array_writer taxes;
    for (const auto& each : priced.taxes) {
        json::object_writer entry;
        entry.string("name", each.name);
        if (each.percentage) entry.raw("percentage", to_text(*each.percentage));
        entry.raw("amount", in_cents(each.amount));
        taxes.raw(entry.finish());
    }
    json::object_writer cost;
    cost.raw("before_taxes", in_cents(*priced.before_taxes));
    cost.raw("taxes", taxes.finish());
    return cost.finish();
}

}  // namespace ocpi::app::simulate
