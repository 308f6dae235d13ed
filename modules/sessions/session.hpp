#pragma once

#include "ocpi/base/ci_string.hpp"
#include "ocpi/base/date_time.hpp"
#include "ocpi/base/decimal.hpp"
#include "ocpi/protocol/party.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// The Session object of OCPI 2.3.0 [sessions, session object; cdrs, data types] as typed fields.
/// The JSON text is what is stored and returned; rules and views calculate with these values. Field
/// names are OCPI's.
namespace ocpi::sessions {

/// [sessions, SessionStatus]; the order is that of status_names.
enum class session_status : std::uint8_t { active, completed, invalid, pending, reservation };

/// `ACTIVE`, … as in OCPI JSON.
std::string_view to_string(session_status status) noexcept;

/// True if a session of that status charges no more.
inline bool is_over(session_status status) noexcept
{
    return status == session_status::completed || status == session_status::invalid;
}

/// [cdrs, AuthMethod]
enum class auth_method : std::uint8_t { auth_request, command, whitelist };

/// [cdrs, CdrToken]: the token that started the session, and its eMSP.
struct cdr_token {
    ci_string country_code;
    ci_string party_id;
    ci_string uid;
    std::string type;
    ci_string contract_id;

    /// The eMSP.
    party emsp() const { return party(country_code.str(), party_id.str()); }
};

/// [cdrs, CdrDimension]: a volume within one charging period, in the unit of its type. The type is
/// text, because types outside the specification are kept too.
struct cdr_dimension {
    std::string type;
    decimal volume;
    /// Number of decimals in its JSON text, trailing zeros included; fewer than the volume has:
    /// there is no such text.
    std::uint32_t written_places = 0;
};

/// [cdrs, ChargingPeriod]: ends where the next one begins.
struct charging_period {
    date_time start_date_time;
    std::vector<cdr_dimension> dimensions;
    std::optional<ci_string> tariff_id;
};

/// [types, TaxAmount]
struct tax_amount {
    std::string name;
    std::optional<std::string> account_number;
    std::optional<decimal> percentage;
    decimal amount;
};

/// [types, Price]: the price after tax is before_taxes plus all amounts.
struct price {
    decimal before_taxes;
    std::vector<tax_amount> taxes;
};

/// A Session, or the fields of a PATCH: a field absent or null is std::nullopt.
struct session {
    std::optional<ci_string> country_code;
    std::optional<ci_string> party_id;
    std::optional<ci_string> id;
    std::optional<date_time> start_date_time;
    std::optional<date_time> end_date_time;
    std::optional<decimal> kwh;
    std::optional<sessions::cdr_token> cdr_token;
    std::optional<sessions::auth_method> auth_method;
    std::optional<ci_string> authorization_reference;
    std::optional<ci_string> location_id;
    std::optional<ci_string> evse_uid;
    std::optional<ci_string> connector_id;
    std::optional<std::string> meter_id;
    std::optional<std::string> currency;
    std::vector<charging_period> charging_periods;
    std::optional<price> total_cost;
    std::optional<session_status> status;
    std::optional<date_time> last_updated;
};

}  // namespace ocpi::sessions
