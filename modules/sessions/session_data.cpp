#include "modules/sessions/session_data.hpp"

#include "modules/sessions/stored_session.hpp"
#include "ocpi/base/rational.hpp"

#include <algorithm>
#include <string_view>

namespace ocpi::sessions {
namespace {

bool is_unfit(const decimal& number)
{
    return !number.fits(max_rational_places);
}

void note_unfit(std::vector<std::string>& notes, std::string_view name)
{
    notes.push_back(std::string(name) +
                    " is too large or too fine to reckon with and counts as not sent");
}

void drop_unfit_dimensions(std::vector<charging_period>& periods, std::vector<std::string>& notes)
{
    std::size_t dropped = 0;
    for (auto& period : periods) {
        dropped += std::erase_if(period.dimensions,
                                 [](const cdr_dimension& d) { return is_unfit(d.volume); });
    }
    if (dropped > 0) note_unfit(notes, "a volume in charging_periods");
}

bool has_unfit(const price& cost)
{
    return is_unfit(cost.before_taxes) ||
           std::any_of(cost.taxes.begin(), cost.taxes.end(), [](const tax_amount& tax) {
               return is_unfit(tax.amount) || (tax.percentage && is_unfit(*tax.percentage));
           });
}

void drop_unfit_numbers(session_data& seen)
{
    auto& fields = seen.fields;
    if (fields.kwh && is_unfit(*fields.kwh)) {
        fields.kwh.reset();
        seen.has_unfit_kwh = true;
        note_unfit(seen.notes, "kwh");
    }
    if (fields.total_cost && has_unfit(*fields.total_cost)) {
        fields.total_cost.reset();
        note_unfit(seen.notes, "total_cost");
    }
    drop_unfit_dimensions(fields.charging_periods, seen.notes);
}

std::optional<decimal> read_number(const json::document& stored, std::string_view name,
                                   std::vector<std::string>& notes)
{
    const auto sent = stored.root().find(name);
    if (!sent || sent->is(json::kind::null)) return {};
    if (!sent->is(json::kind::number)) {
        notes.push_back(std::string(name) + " is malformed and counts as not sent");
        return {};
    }
    auto number = decimal::parse(sent->text());
    if (!number || is_unfit(*number)) {
        note_unfit(notes, name);
        return {};
    }
    return number;
}

}  // namespace

session_data parse_stored(const json::document& stored)
{
    session_data seen;
    seen.fields = read_stored_session(stored);
    drop_unfit_numbers(seen);
    seen.meter = read_meter_values(stored, seen.notes);
    seen.soc_start = read_number(stored, "soc_start", seen.notes);
    seen.soc_end = read_number(stored, "soc_end", seen.notes);
    seen.odometer = read_number(stored, "odometer", seen.notes);
    return seen;
}

bool has_begun(const session_data& seen) noexcept
{
    return seen.fields.status == session_status::active ||
           seen.fields.status == session_status::completed;
}

bool is_live(const session_data& seen) noexcept
{
    return !seen.fields.status || !is_over(*seen.fields.status);
}

bool is_final(const session_data& seen) noexcept
{
    if (seen.is_taken_as_final) return true;
    if (seen.meter.are_sent) return seen.meter.ended_at.has_value();
    return seen.fields.status == session_status::completed && seen.fields.end_date_time;
}

bool awaits_final_reading(const session_data& seen) noexcept
{
    return seen.fields.status == session_status::completed && !is_final(seen);
}

void take_as_final(session_data& seen)
{
    if (!awaits_final_reading(seen) || !seen.fields.end_date_time) return;
    seen.is_taken_as_final = true;
    seen.notes.emplace_back("the final reading has not come: the session is taken as final");
}

}  // namespace ocpi::sessions
