#pragma once

#include "modules/pricing/note_list.hpp"
#include "modules/pricing/priced_session.hpp"
#include "modules/tariffs/tariff.hpp"

#include <span>
#include <string>
#include <vector>

namespace ocpi::pricing {

using tariff_span = std::span<const tariffs::tariff_ptr>;

/// The assignment of tariffs to periods.
struct tariff_choice {
    /// The default tariff; prices a session without periods.
    tariffs::tariff_ptr of_session;
    /// Parallel to priced_session::periods; nullptr: not priced.
    std::vector<const tariffs::tariff*> of_periods;
    /// The tariffs of the periods or, without any, of the session, without repetition.
    std::vector<tariffs::tariff_ptr> used;
    /// A tariff was left out because its prices are too large or precise to calculate with.
    bool has_unreckonable_prices = false;
    /// Common currency; the session's own without tariffs, empty when unknown too.
    std::string currency;
};

/// Chooses the tariff a period names, else the session's default, else the only one given. Amounts
/// of different currencies are not added: tariffs in the session's currency apply, else those in
/// the currency of its first tariff. An INVALID session has none.
tariff_choice choose_tariffs(const priced_session& session, tariff_span given, note_list& notes);

}  // namespace ocpi::pricing
