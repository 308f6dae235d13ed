#pragma once

#include "ocpi/base/ci_string.hpp"
#include "ocpi/base/date_time.hpp"
#include "ocpi/base/decimal.hpp"
#include "ocpi/protocol/party.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

/// The Tariff object of OCPI 2.3.0 [tariffs, tariff object] as typed fields: those that affect
/// prices. The JSON text, with all other fields, is what is stored and returned. Field names are
/// OCPI's.
namespace ocpi::tariffs {

/// [tariffs, TariffType]
enum class tariff_type : std::uint8_t {
    ad_hoc_payment,
    profile_cheap,
    profile_fast,
    profile_green,
    regular
};

/// [tariffs, TariffDimensionType]. TIME is also reservation time, in an element restricted to
/// reservations.
enum class tariff_dimension : std::uint8_t { energy, flat, parking_time, time };

/// [tariffs, TaxIncluded]: whether prices are gross.
enum class tax_included : std::uint8_t { yes, no, not_applicable };

/// [tariffs, ReservationRestrictionType]
enum class reservation_restriction : std::uint8_t { reservation, reservation_expires };

/// [tariffs, PriceComponent]
struct price_component {
    tariff_dimension type = tariff_dimension::energy;
    /// Per kWh, per hour, or once (FLAT); gross or net by the tariff's tax_included.
    decimal price;
    /// Percent; std::nullopt: no VAT given.
    std::optional<decimal> vat;
    /// Wh for ENERGY, seconds for TIME and PARKING_TIME; 0 or less: no steps.
    std::int64_t step_size = 0;
};

/// [tariffs, TariffRestrictions]: all present restrictions must hold. Bounds named min are
/// inclusive, those named max exclusive.
struct tariff_restrictions {
    /// Local time of day, since midnight.
    std::optional<std::chrono::minutes> start_time;
    std::optional<std::chrono::minutes> end_time;
    /// Local dates.
    std::optional<std::chrono::year_month_day> start_date;
    std::optional<std::chrono::year_month_day> end_date;
    /// Session energy so far.
    std::optional<decimal> min_kwh;
    std::optional<decimal> max_kwh;
    /// Ampere, summed over the phases.
    std::optional<decimal> min_current;
    std::optional<decimal> max_current;
    /// kW.
    std::optional<decimal> min_power;
    std::optional<decimal> max_power;
    /// Since the session started.
    std::optional<std::chrono::seconds> min_duration;
    std::optional<std::chrono::seconds> max_duration;
    /// By std::chrono::weekday::c_encoding(), Sunday first; none set: any day.
    std::array<bool, 7> day_of_week{};
    std::optional<reservation_restriction> reservation;
};

/// [tariffs, TariffElement]
struct tariff_element {
    std::vector<price_component> price_components;
    std::optional<tariff_restrictions> restrictions;
};

/// [types, PriceLimit]
struct price_limit {
    decimal before_taxes;
    std::optional<decimal> after_taxes;
};

/// [tariffs, Tariff object]
struct tariff {
    ci_string country_code;
    ci_string party_id;
    ci_string id;
    /// ISO 4217.
    std::string currency;
    /// std::nullopt: for every session.
    std::optional<tariff_type> type;
    tariffs::tax_included tax_included = tariffs::tax_included::no;
    std::optional<price_limit> min_price;
    std::optional<price_limit> max_price;
    std::vector<tariff_element> elements;
    /// Whether a component of the elements has a usable_vat.
    bool names_vat = false;
    /// Valid from this instant (inclusive) to that (exclusive).
    std::optional<date_time> start_date_time;
    std::optional<date_time> end_date_time;
    date_time last_updated;

    /// The CPO.
    party owner() const { return party(country_code.str(), party_id.str()); }
};

/// The component's VAT if usable for calculation: sent, not negative, of reasonable length; else
/// nullptr.
const decimal* usable_vat(const price_component& component);

/// The value of tariff::names_vat for these elements.
bool names_vat(const std::vector<tariff_element>& elements);

using tariff_ptr = std::shared_ptr<const tariff>;

/// The number of its elements and price components, which determines its size and search time.
std::size_t count_parts(const tariff& of);

/// Approximate memory in bytes: far more than the length of a terse text.
std::size_t memory_size(const tariff& of);

}  // namespace ocpi::tariffs
