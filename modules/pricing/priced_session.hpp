#pragma once

#include "modules/sessions/session.hpp"
#include "ocpi/base/ci_string.hpp"
#include "ocpi/base/date_time.hpp"
#include "ocpi/protocol/party.hpp"

#include <optional>
#include <string>
#include <vector>

/// The cost of a session by its tariffs: exact, without clock and I/O (docs/cost.md).
namespace ocpi::pricing {

/// The parts of a Session or CDR that a price depends on.
struct priced_session {
    /// The CPO, whose tariffs precede others with the same id; std::nullopt: not sent.
    std::optional<party> owner;
    /// std::nullopt: the start of the first period.
    std::optional<date_time> start;
    /// End of the session; std::nullopt while in progress: the length of its last period is
    /// unknown.
    std::optional<date_time> end;
    sessions::session_status status = sessions::session_status::completed;
    /// ISO 4217; std::nullopt: not sent.
    std::optional<std::string> currency;
    /// Tariff of periods that name none; std::nullopt: the only tariff given.
    std::optional<ci_string> default_tariff_id;
    /// Total energy, which fits max_factor_places; std::nullopt: not sent. It is not priced, but
    /// shows what the periods lack.
    std::optional<decimal> kwh;
    /// In any order.
    std::vector<sessions::charging_period> periods;
    /// Copied into the notes of the breakdown.
    std::vector<std::string> notes;
};

}  // namespace ocpi::pricing
