#pragma once

#include "modules/pricing/note_list.hpp"
#include "modules/pricing/priced_session.hpp"
#include "modules/tariffs/tariff.hpp"

#include <span>
#include <string>
#include <vector>

namespace ocpi::pricing {

using tariff_span = std::span<const tariffs::tariff_ptr>;

/// Which tariff prices which period.
struct tariff_choice {
    /// The default tariff; prices a session without periods.
    tariffs::tariff_ptr of_session;
    /// As priced_session::periods; nullptr: not priced.
    std::vector<const tariffs::tariff*> of_periods;
    /// Those of the periods or, without any, of the session; each once.
    std::vector<tariffs::tariff_ptr> used;
    /// One that is not among them would price a period, had it no price that is too large or too
    /// fine to reckon with.
    bool has_unreckonable_prices = false;
    /// Of all of them; the session's own when there are none, empty when that is unknown too.
    std::string currency;
};

/// By the id that a period names, else the session's default, else the only tariff given. Amounts
/// in several currencies do not add up: those in the session's count, else those in that of its
/// first tariff. An INVALID session is priced by none.
tariff_choice choose_tariffs(const priced_session& session, tariff_span given, note_list& notes);

}  // namespace ocpi::pricing
