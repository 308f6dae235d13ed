#include "modules/tariffs/tariff_codec.hpp"

#include "modules/tariffs/tariff_2_2_1.hpp"
#include "modules/tariffs/tariff_restrictions.hpp"
#include "ocpi/json/field_reader.hpp"

#include <array>
#include <optional>

namespace ocpi::tariffs {
namespace {

using json::object_reader;
using json::presence;

/// In the order of their enumerations.
constexpr std::array<std::string_view, 5> tariff_type_names{
    "AD_HOC_PAYMENT", "PROFILE_CHEAP", "PROFILE_FAST", "PROFILE_GREEN", "REGULAR"};
constexpr std::array<std::string_view, 4> dimension_names{"ENERGY", "FLAT", "PARKING_TIME", "TIME"};
constexpr std::array<std::string_view, 3> tax_included_names{"YES", "NO", "N/A"};
/// [locations, EnergySourceCategory]
constexpr std::array<std::string_view, 8> energy_source_names{
    "NUCLEAR", "GENERAL_FOSSIL", "COAL", "GAS", "GENERAL_GREEN", "SOLAR", "WIND", "WATER"};

constexpr std::size_t max_url = 255;

/// A scheme and what follows it, without spaces [types, URL].
bool is_absolute_url(std::string_view text)
{
    const auto colon = text.find(':');
    if (colon == 0 || colon == std::string_view::npos || colon + 1 == text.size()) return false;
    constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    constexpr std::string_view further = "0123456789+-.";
    if (letters.find(text.front()) == std::string_view::npos) return false;
    for (const char character : text.substr(0, colon)) {
        if (letters.find(character) == std::string_view::npos &&
            further.find(character) == std::string_view::npos) {
            return false;
        }
    }
    return text.find(' ') == std::string_view::npos;
}

// What a price does not depend on is checked, not kept.

void check_alt_text(object_reader& in)
{
    in.objects("tariff_alt_text", presence::optional, [](object_reader& entry) {
        entry.text("language", 2, presence::required);
        entry.text("text", 512, presence::required);
    });
}

void check_alt_url(object_reader& in)
{
    const auto url = in.text("tariff_alt_url", max_url, presence::optional);
    if (url && !is_absolute_url(*url)) in.add_problem("tariff_alt_url", "must be an absolute URL");
}

void check_energy_mix(object_reader& in)
{
    auto mix = in.object("energy_mix", presence::optional);
    if (!mix) return;
    mix->boolean("is_green_energy", presence::required);
    mix->objects("energy_sources", presence::optional, [](object_reader& entry) {
        entry.one_of("source", energy_source_names, presence::required);
        entry.number("percentage", presence::required);
    });
    mix->objects("environ_impact", presence::optional, [](object_reader& entry) {
        entry.text("category", 0, presence::required);  // an OpenEnum
        entry.number("amount", presence::required);
    });
    mix->text("supplier_name", 64, presence::optional);
    mix->text("energy_product_name", 64, presence::optional);
}

std::optional<price_limit> read_price_limit(object_reader& in, std::string_view name,
                                            protocol::version version)
{
    auto object = in.object(name, presence::optional);
    if (!object) return {};
    if (version == protocol::version::v2_2_1) {
        return read_price_limit_2_2_1(*object, *in.find_non_null(name));
    }
    price_limit limit;
    limit.before_taxes = object->number("before_taxes", presence::required).value_or(decimal());
    limit.after_taxes = object->number("after_taxes", presence::optional);
    return limit;
}

price_component read_price_component(object_reader& in)
{
    price_component component;
    const auto type = in.one_of("type", dimension_names, presence::required);
    if (type) component.type = static_cast<tariff_dimension>(*type);
    component.price = in.number("price", presence::required).value_or(decimal());
    component.vat = in.number("vat", presence::optional);
    component.step_size = read_integer(in, "step_size", presence::required).value_or(0);
    return component;
}

std::vector<tariff_element> read_elements(object_reader& in)
{
    std::vector<tariff_element> elements;
    in.objects("elements", presence::required, [&](object_reader& object) {
        tariff_element element;
        object.objects("price_components", presence::required, [&](object_reader& entry) {
            element.price_components.push_back(read_price_component(entry));
        });
        element.restrictions = read_restrictions(object);
        elements.push_back(std::move(element));
    });
    return elements;
}

tax_included read_tax_included(object_reader& in, protocol::version version)
{
    if (version == protocol::version::v2_2_1) return read_tax_included_2_2_1(in);
    const auto index = in.one_of("tax_included", tax_included_names, presence::required);
    return index ? static_cast<tax_included>(*index) : tax_included::no;
}

tariff read_fields(object_reader& in, protocol::version version)
{
    tariff read;
    read.country_code = in.ci_text("country_code", 2, presence::required).value_or(ci_string());
    read.party_id = in.ci_text("party_id", 3, presence::required).value_or(ci_string());
    read.id = in.ci_text("id", 36, presence::required).value_or(ci_string());
    read.currency = in.text("currency", 3, presence::required).value_or(std::string());
    const auto type = in.one_of("type", tariff_type_names, presence::optional);
    if (type) read.type = static_cast<tariff_type>(*type);
    check_alt_text(in);
    check_alt_url(in);
    read.min_price = read_price_limit(in, "min_price", version);
    read.max_price = read_price_limit(in, "max_price", version);
    read.elements = read_elements(in);
    read.names_vat = names_vat(read.elements);
    read.tax_included = read_tax_included(in, version);
    read.start_date_time = in.timestamp("start_date_time", presence::optional);
    read.end_date_time = in.timestamp("end_date_time", presence::optional);
    check_energy_mix(in);
    const auto last_updated = in.timestamp("last_updated", presence::required);
    read.last_updated = last_updated.value_or(date_time());
    return read;
}

/// The owner and the id in a body are those of the URL [tariffs, PUT method].
void check_address(object_reader& in, const crud::object_key& addressed)
{
    const auto check = [&in](const char* name, const ci_string& in_url) {
        const auto in_body = in.find_non_null(name);
        if (!in_body || !in_body->is(json::kind::string)) return;
        if (!equal_ignoring_case(in_body->string(), in_url.str())) {
            in.add_problem(name, "must be the " + std::string(name) + " of the URL");
        }
    };
    check("country_code", addressed.country_code);
    check("party_id", addressed.party_id);
    check("id", addressed.id);
}

}  // namespace

result<tariff> read_tariff(const json::document& document, protocol::version version)
{
    json::diagnostics findings;
    json::check_numbers(document, findings);
    tariff fields;
    if (auto root = object_reader::of_root(document, findings)) {
        fields = read_fields(*root, version);
    }
    if (!findings.problems().empty()) return findings.to_error();
    return fields;
}

result<parsed_tariff> read_sent_tariff(std::string_view body, strictness strict,
                                       const crud::object_key& addressed, protocol::version version)
{
    auto document = json::parse(body);
    if (document.has_error()) return document.error();
    const bool tolerant = strict == strictness::tolerant;
    json::diagnostics findings(tolerant ? json::converted_timestamps : json::leniency{});
    json::check_numbers(*document, findings);
    tariff fields;
    if (auto root = object_reader::of_root(*document, findings)) {
        fields = read_fields(*root, version);
        check_address(*root, addressed);
    }
    if (!findings.problems().empty()) return findings.to_error();
    const bool is_older = version == protocol::version::v2_2_1;
    if (is_older || findings.has_replacements()) {
        auto text = findings.apply_replacements(*document);
        if (is_older) text = with_tax_included(std::move(text));
        document = json::parse(text);
        if (document.has_error()) return document.error();
    }
    return parsed_tariff{std::move(*document), std::move(fields), findings.tolerated()};
}

}  // namespace ocpi::tariffs
