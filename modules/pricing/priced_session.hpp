#pragma once

#include "modules/sessions/session.hpp"
#include "ocpi/base/ci_string.hpp"
#include "ocpi/base/date_time.hpp"
#include "ocpi/protocol/party.hpp"

#include <optional>
#include <string>
#include <vector>

/// What a session costs by its tariffs: reckoned exactly, without a clock and without I/O
/// (docs/cost.md).
namespace ocpi::pricing {

/// What a price depends on in a Session or a CDR.
struct priced_session {
    /// The CPO, whose tariffs go before others' of the same id; nothing: not sent.
    std::optional<party> owner;
    /// Nothing: the start of the first period.
    std::optional<date_time> start;
    /// When it ended; nothing while it runs: then the length of its last period is unknown.
    std::optional<date_time> end;
    sessions::session_status status = sessions::session_status::completed;
    /// ISO 4217; nothing: not sent.
    std::optional<std::string> currency;
    /// Prices the periods that name no tariff; nothing: the only tariff there is does.
    std::optional<ci_string> default_tariff_id;
    /// All its energy, which fits max_factor_places; std::nullopt: not sent. It prices nothing,
    /// but tells what the periods lack.
    std::optional<decimal> kwh;
    /// In any order.
    std::vector<sessions::charging_period> periods;
    /// Carried into the notes of the breakdown.
    std::vector<std::string> notes;
};

}  // namespace ocpi::pricing
