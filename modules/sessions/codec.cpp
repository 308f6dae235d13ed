#include "modules/sessions/codec.hpp"

#include "modules/sessions/charging_periods.hpp"
#include "modules/sessions/session_2_2_1.hpp"
#include "modules/sessions/stored_session.hpp"
#include "ocpi/json/writer.hpp"

#include <array>
#include <utility>

namespace ocpi::sessions {
namespace {

using json::object_reader;
using json::presence;

/// In the order of their enumerations.
constexpr std::array<std::string_view, 5> status_names{"ACTIVE", "COMPLETED", "INVALID", "PENDING",
                                                       "RESERVATION"};
constexpr std::array<std::string_view, 3> auth_method_names{"AUTH_REQUEST", "COMMAND", "WHITELIST"};

/// Which fields must be there, and in which words.
struct expectations {
    protocol::version version = protocol::version::v2_3_0;
    presence required = presence::required;
    /// cdr_token and auth_method, which a tolerant reading does without.
    presence required_by_strict = presence::required;
    presence last_updated = presence::required;
    bool accept_reserved = false;
};

expectations expect(body_kind kind, strictness strict)
{
    const bool tolerant = strict == strictness::tolerant;
    expectations expected;
    expected.accept_reserved = tolerant;
    if (kind == body_kind::fragment) {
        expected.required = presence::required_if_present;
        expected.required_by_strict = tolerant ? presence::optional : presence::required_if_present;
        expected.last_updated = tolerant ? presence::optional : presence::required;
    } else if (tolerant) {
        expected.required_by_strict = presence::optional;
    }
    return expected;
}

std::optional<cdr_token> read_cdr_token(object_reader& in, presence wanted)
{
    auto object = in.object("cdr_token", wanted);
    if (!object) return {};
    auto country_code = object->ci_text("country_code", 2, presence::required);
    auto party_id = object->ci_text("party_id", 3, presence::required);
    auto uid = object->ci_text("uid", 36, presence::required);
    auto type = object->text("type", 0, presence::required);  // an OpenEnum
    auto contract_id = object->ci_text("contract_id", 36, presence::required);
    if (!country_code || !party_id || !uid || !type || !contract_id) return {};
    cdr_token token;
    token.country_code = std::move(*country_code);
    token.party_id = std::move(*party_id);
    token.uid = std::move(*uid);
    token.type = std::move(*type);
    token.contract_id = std::move(*contract_id);
    return token;
}

std::optional<price> read_price(object_reader& in, std::string_view name, protocol::version version)
{
    auto object = in.object(name, presence::optional);
    if (!object) return {};
    if (version == protocol::version::v2_2_1)
        return read_price_2_2_1(*object, *in.find_non_null(name));
    price read;
    const auto before_taxes = object->number("before_taxes", presence::required);
    read.before_taxes = before_taxes.value_or(decimal());
    object->objects("taxes", presence::optional, [&](object_reader& entry) {
        tax_amount tax;
        tax.name = entry.text("name", 0, presence::required).value_or(std::string());
        tax.account_number = entry.text("account_number", 0, presence::optional);
        tax.percentage = entry.number("percentage", presence::optional);
        tax.amount = entry.number("amount", presence::required).value_or(decimal());
        read.taxes.push_back(std::move(tax));
    });
    return read;
}

/// The specification's prose says RESERVED where its enumeration says RESERVATION.
std::optional<session_status> read_status(object_reader& in, const expectations& expected)
{
    const auto sent = in.find_non_null("status");
    if (expected.accept_reserved && sent && sent->string() == "RESERVED") {
        in.findings().add_replacement(*sent, json::quote("RESERVATION"));
        in.findings().add_tolerated("/status RESERVED stored as RESERVATION");
        return session_status::reservation;
    }
    const auto index = in.one_of("status", status_names, expected.required);
    if (!index) return {};
    return static_cast<session_status>(*index);
}

session read_fields(object_reader& in, const expectations& expected)
{
    session read;
    read.country_code = in.ci_text("country_code", 2, expected.required);
    read.party_id = in.ci_text("party_id", 3, expected.required);
    read.id = in.ci_text("id", 36, expected.required);
    read.start_date_time = in.timestamp("start_date_time", expected.required);
    read.end_date_time = in.timestamp("end_date_time", presence::optional);
    read.kwh = in.number("kwh", expected.required);
    read.cdr_token = read_cdr_token(in, expected.required_by_strict);
    const auto method = in.one_of("auth_method", auth_method_names, expected.required_by_strict);
    if (method) read.auth_method = static_cast<auth_method>(*method);
    read.authorization_reference = in.ci_text("authorization_reference", 36, presence::optional);
    read.location_id = in.ci_text("location_id", 36, expected.required);
    read.evse_uid = in.ci_text("evse_uid", 36, expected.required);
    read.connector_id = in.ci_text("connector_id", 36, expected.required);
    read.meter_id = in.text("meter_id", 255, presence::optional);
    read.currency = in.text("currency", 3, expected.required);
    read.charging_periods = read_charging_periods(in, presence::required);
    read.total_cost = read_price(in, "total_cost", expected.version);
    read.status = read_status(in, expected);
    read.last_updated = in.timestamp("last_updated", expected.last_updated);
    return read;
}

/// Says what a tolerant reading did without.
void name_gaps(object_reader& in, body_kind kind, json::diagnostics& findings)
{
    if (kind == body_kind::whole) {
        for (const char* name : {"cdr_token", "auth_method"}) {
            if (!in.find_non_null(name)) {
                findings.add_tolerated(json::append_pointer("", name) + " is missing");
            }
        }
        return;
    }
    for (const char* name : {"cdr_token", "auth_method"}) {
        if (in.is_null(name)) {
            findings.add_tolerated(json::append_pointer("", name) + " is removed");
        }
    }
    if (!in.find_non_null("last_updated")) findings.add_tolerated("/last_updated is missing");
}

/// The owner and the id in a body are those of the URL [sessions, PUT method].
void check_address(object_reader& in, const session& sent, const crud::object_key& addressed)
{
    const auto check = [&in](const char* name, const std::optional<ci_string>& in_body,
                             const ci_string& in_url) {
        if (in_body && !(*in_body == in_url)) {
            in.add_problem(name, "must be the " + std::string(name) + " of the URL");
        }
    };
    check("country_code", sent.country_code, addressed.country_code);
    check("party_id", sent.party_id, addressed.party_id);
    check("id", sent.id, addressed.id);
}

}  // namespace

std::string_view to_string(session_status status) noexcept
{
    return status_names[static_cast<std::size_t>(status)];
}

result<parsed_session> read_session(std::string_view body, body_kind kind, strictness strict,
                                    const crud::object_key& addressed, protocol::version version,
                                    std::optional<json::leniency> timestamps)
{
    auto document = json::parse(body);
    if (document.has_error()) return document.error();
    json::diagnostics findings(timestamps.value_or(leniency_of(strict)));
    json::check_numbers(*document, findings);
    session fields;
    if (auto root = object_reader::of_root(*document, findings)) {
        auto expected = expect(kind, strict);
        expected.version = version;
        fields = read_fields(*root, expected);
        check_address(*root, fields, addressed);
        if (strict == strictness::tolerant) name_gaps(*root, kind, findings);
    }
    if (!findings.problems().empty()) return findings.to_error();
    if (findings.has_replacements()) {
        document = json::parse(findings.apply_replacements(*document));
        if (document.has_error()) return document.error();
    }
    return parsed_session{std::move(*document), std::move(fields), findings.tolerated()};
}

session read_stored_head(const json::document& stored)
{
    json::diagnostics unheeded;
    auto root = object_reader::of_root(stored, unheeded);
    if (!root) return {};
    const auto expected = expect(body_kind::fragment, strictness::tolerant);
    session head;
    head.kwh = root->number("kwh", expected.required);
    head.cdr_token = read_cdr_token(*root, expected.required_by_strict);
    head.status = read_status(*root, expected);
    head.last_updated = root->timestamp("last_updated", expected.last_updated);
    return head;
}

session read_stored_session(const json::document& stored)
{
    json::diagnostics unheeded(json::converted_timestamps);
    auto root = object_reader::of_root(stored, unheeded);
    if (!root) return {};
    return read_fields(*root, expect(body_kind::fragment, strictness::tolerant));
}

void check_session(json::value object, const std::string& pointer, json::diagnostics& findings)
{
    if (auto in = object_reader::of_element(object, pointer, findings)) {
        read_fields(*in, expect(body_kind::whole, strictness::strict));
    }
}

}  // namespace ocpi::sessions
