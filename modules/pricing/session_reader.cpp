#include "modules/pricing/session_reader.hpp"

#include "modules/pricing/stated_energy.hpp"
#include "modules/sessions/charging_periods.hpp"
#include "modules/sessions/session_2_2_1.hpp"
#include "ocpi/base/rational.hpp"
#include "ocpi/json/field_reader.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

namespace ocpi::pricing {
namespace {

using json::object_reader;
using json::presence;

bool is_cdr(const object_reader& in)
{
    return in.find_non_null("total_energy") || in.find_non_null("total_time") ||
           in.find_non_null("cdr_location");
}

sessions::session_status read_status(object_reader& in, bool from_cdr, priced_session& session)
{
    if (from_cdr) return sessions::session_status::completed;
    const auto sent = in.find_non_null("status");
    if (!sent) {
        session.notes.emplace_back("the status is missing: ACTIVE is assumed");
        return sessions::session_status::active;
    }
    if (sent->string() == "RESERVED") return sessions::session_status::reservation;
    constexpr sessions::session_status all[] = {
        sessions::session_status::active, sessions::session_status::completed,
        sessions::session_status::invalid, sessions::session_status::pending,
        sessions::session_status::reservation};
    for (const auto status : all) {
        if (sent->string() == to_string(status)) return status;
    }
    in.add_problem("status", "must be ACTIVE, COMPLETED, INVALID, PENDING or RESERVATION");
    return sessions::session_status::active;
}

/// A Price of either version; std::nullopt when invalid.
std::optional<sessions::price> read_price(json::value sent)
{
    if (!sent.is(json::kind::object)) return {};
    json::diagnostics findings;
    object_reader in(sent, "", findings);
    sessions::price read;
    if (in.find_non_null("excl_vat")) {
        read = sessions::read_price_2_2_1(in, sent);
    } else {
        read.before_taxes = in.number("before_taxes", presence::required).value_or(decimal());
        in.objects("taxes", presence::optional, [&](object_reader& entry) {
            sessions::tax_amount tax;
            tax.amount = entry.number("amount", presence::required).value_or(decimal());
            read.taxes.push_back(std::move(tax));
        });
    }
    if (!findings.problems().empty() || !read.before_taxes.fits(max_factor_places)) return {};
    const bool is_sane = std::all_of(
        read.taxes.begin(), read.taxes.end(),
        [](const sessions::tax_amount& tax) { return tax.amount.fits(max_factor_places); });
    if (!is_sane) return {};
    return read;
}

stated_cost read_stated(const object_reader& in, std::vector<std::string>& notes)
{
    const auto read = [&](std::string_view name) -> std::optional<sessions::price> {
        const auto sent = in.find_non_null(name);
        if (!sent) return {};
        auto sound = read_price(*sent);
        if (!sound)
            notes.push_back(std::string(name) + " is no Price: nothing is compared with it");
        return sound;
    };
    constexpr std::pair<std::string_view, cost_dimension> parts[] = {
        {"total_energy_cost", cost_dimension::energy},
        {"total_time_cost", cost_dimension::time},
        {"total_parking_cost", cost_dimension::parking_time},
        {"total_fixed_cost", cost_dimension::flat},
        {"total_reservation_cost", cost_dimension::reservation},
    };
    stated_cost stated;
    stated.total = read("total_cost");
    for (const auto& [name, dimension] : parts) {
        if (const auto part = read(name)) {
            stated.dimensions[static_cast<std::size_t>(dimension)] = part->before_taxes;
        }
    }
    return stated;
}

/// Leaves the periods that count.
void leave_out_replaced(priced_session& session)
{
    const auto replaced = sessions::find_replaced(session.periods);
    if (replaced.empty()) return;
    std::vector<sessions::charging_period> counted;
    counted.reserve(session.periods.size());
    for (std::size_t i = 0; i < session.periods.size(); ++i) {
        if (!replaced[i]) counted.push_back(std::move(session.periods[i]));
    }
    session.periods = std::move(counted);
    session.notes.emplace_back(sessions::replaced_periods_note);
}

/// The energy of the whole session, and what it says about its periods.
void read_energy(object_reader& in, std::string_view name, priced_session& session)
{
    auto kwh = in.number(name, presence::optional);
    if (!kwh || !kwh->fits(max_factor_places)) return;
    session.kwh = std::move(*kwh);
    if (auto note = energy_note(session, name)) session.notes.push_back(std::move(*note));
}

std::vector<json::value> read_tariffs(object_reader& in)
{
    std::vector<json::value> tariffs;
    in.list("tariffs", presence::optional,
            [&](json::value element, const std::string&) { tariffs.push_back(element); });
    return tariffs;
}

/// Where it is neither, it is most often something beside it.
bool is_session(const object_reader& in)
{
    return in.find_non_null("charging_periods") || in.find_non_null("start_date_time") ||
           in.find_non_null("status");
}

error no_session(const object_reader& in)
{
    if (in.find_non_null("data") && in.find_non_null("status_code")) {
        return error(errc::invalid,
                     "is an OCPI response, not a Session or a CDR: give what is in its data");
    }
    return error(errc::invalid,
                 "is neither a Session nor a CDR: it has no start_date_time, no status and no "
                 "charging_periods");
}

std::optional<party> read_owner(object_reader& in)
{
    auto country_code = in.text("country_code", 0, presence::optional);
    auto party_id = in.text("party_id", 0, presence::optional);
    if (!country_code || !party_id) return {};
    return party(std::move(*country_code), std::move(*party_id));
}

}  // namespace

result<read_cost_input> read_priced_session(const json::document& document, cost_input_kind kind)
{
    json::diagnostics findings(json::converted_timestamps);
    auto in = object_reader::of_root(document, findings);
    if (!in) return findings.to_error();
    read_cost_input read;
    auto& session = read.session;
    const bool is_open = kind == cost_input_kind::session_or_cdr;
    const bool from_cdr = is_open && is_cdr(*in);
    if (is_open && !from_cdr && !is_session(*in)) return no_session(*in);
    session.owner = read_owner(*in);
    session.status = read_status(*in, from_cdr, session);
    session.start = in->timestamp("start_date_time", presence::optional);
    session.end = in->timestamp("end_date_time", presence::optional);
    session.currency = in->text("currency", 0, presence::optional);
    session.periods = sessions::read_charging_periods(*in, presence::optional);
    leave_out_replaced(session);
    read_energy(*in, from_cdr ? "total_energy" : "kwh", session);
    if (from_cdr) read.tariffs = read_tariffs(*in);
    if (!findings.problems().empty()) return findings.to_error();
    read.stated = read_stated(*in, session.notes);
    read.stated.currency = session.currency;
    return read;
}

result<stated_cost> read_stated_cost(const json::document& document)
{
    json::diagnostics findings;
    const auto in = object_reader::of_root(document, findings);
    if (!in) return findings.to_error();
    std::vector<std::string> notes;
    return read_stated(*in, notes);
}

}  // namespace ocpi::pricing
