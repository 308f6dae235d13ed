#include "modules/sessions/session_2_2_1.hpp"

#include "ocpi/json/document.hpp"
#include "ocpi/json/writer.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <utility>

namespace ocpi::sessions {
namespace {

using json::kind;
using json::presence;
using json::value;

/// Numbers whose digits stand further from the decimal point are not added up.
constexpr std::int64_t max_places = 100;

bool is_of_either_form(std::string_view name)
{
    constexpr std::array<std::string_view, 4> forms{"excl_vat", "incl_vat", "before_taxes",
                                                    "taxes"};
    return std::find(forms.begin(), forms.end(), name) != forms.end();
}

/// The members of a Price that belong to neither form.
void write_others(json::object_writer& written, value price)
{
    for (auto member : price) {
        if (!is_of_either_form(member.name())) written.raw(member.name(), member.text());
    }
}

/// The fraction digits with which a number is spelt; 0 for one with an exponent.
std::size_t fraction_digits(std::string_view number)
{
    const auto point = number.find('.');
    if (point == std::string_view::npos) return 0;
    if (number.find_first_of("eE") != std::string_view::npos) return 0;
    return number.size() - point - 1;
}

/// Adds up numbers as they are spelt, keeping the larger number of fraction digits.
class exact_sum {
public:
    explicit exact_sum(std::string_view first) { add(first, false); }

    void add(std::string_view number) { add(number, false); }
    void subtract(std::string_view number) { add(number, true); }

    /// std::nullopt when it cannot be written exactly within the length of a number.
    std::optional<std::string> text() const
    {
        if (!is_exact_) return {};
        auto written = to_text(total_, fraction_digits_);
        if (written.size() > json::max_number_length) return {};
        return written;
    }

private:
    void add(std::string_view number, bool negated)
    {
        const auto amount = decimal::parse(number);
        is_exact_ = is_exact_ && amount && amount->fits(max_places) && total_.fits(max_places);
        if (!is_exact_) return;
        total_ = negated ? total_ - *amount : total_ + *amount;
        fraction_digits_ = std::max(fraction_digits_, fraction_digits(number));
    }

    decimal total_;
    std::size_t fraction_digits_ = 0;
    bool is_exact_ = true;
};

/// The amount after tax; std::nullopt when no taxes are stated.
std::optional<std::string> after_taxes(value before_taxes, std::optional<value> taxes)
{
    if (!taxes || !taxes->is(kind::array) || taxes->size() == 0) return {};
    exact_sum sum(before_taxes.text());
    for (auto tax : *taxes) {
        const auto amount = tax.find("amount");
        if (!amount || !amount->is(kind::number)) return {};
        sum.add(amount->text());
    }
    return sum.text();
}

/// A Price of 2.3.0 in the form of 2.2.1.
std::string write_price_2_2_1(value price)
{
    json::object_writer written;
    if (const auto before_taxes = price.find("before_taxes")) {
        written.raw("excl_vat", before_taxes->text());
        const auto sum = after_taxes(*before_taxes, price.find("taxes"));
        if (sum) written.raw("incl_vat", *sum);
    }
    write_others(written, price);
    return written.finish();
}

/// False for a text that surely has neither of the members that differ, however they are spelt.
bool may_differ(const std::string& session)
{
    const auto has = [&session](const char* text) {
        return session.find(text) != std::string::npos;
    };
    return has("total_cost") || has("cdr_token") || has("\\u");
}

}  // namespace

price read_price_2_2_1(json::object_reader& object, value original)
{
    price read;
    json::object_writer stored;
    const auto excl_vat = object.number("excl_vat", presence::required);
    const auto incl_vat = object.number("incl_vat", presence::optional);
    if (!excl_vat) return read;
    const auto spelt_excl_vat = original.find("excl_vat")->text();
    read.before_taxes = *excl_vat;
    stored.raw("before_taxes", spelt_excl_vat);
    if (incl_vat) {
        exact_sum difference(original.find("incl_vat")->text());
        difference.subtract(spelt_excl_vat);
        const auto amount = difference.text();
        if (!amount) {
            object.add_problem("incl_vat", "is out of range: the tax cannot be reckoned exactly");
            return read;
        }
        tax_amount tax;
        tax.name = "VAT";
        tax.amount = decimal::parse(*amount).value_or(decimal());
        read.taxes.push_back(std::move(tax));
        json::object_writer entry;
        entry.string("name", "VAT").raw("amount", *amount);
        json::array_writer taxes;
        taxes.raw(entry.finish());
        stored.raw("taxes", taxes.finish());
    }
    write_others(stored, original);
    object.findings().add_replacement(original, stored.finish());
    return read;
}

std::string_view token_type_2_2_1(std::string_view type) noexcept
{
    constexpr std::array<std::string_view, 4> types{"AD_HOC_USER", "APP_USER", "OTHER", "RFID"};
    return std::find(types.begin(), types.end(), type) == types.end() ? "OTHER" : type;
}

std::string convert_to(protocol::version version, std::string session)
{
    if (version == protocol::version::v2_3_0 || !may_differ(session)) return session;
    const auto document = json::parse(session);
    if (document.has_error()) return session;
    json::diagnostics mapped;
    const auto total_cost = document->root().find("total_cost");
    if (total_cost && total_cost->is(kind::object)) {
        mapped.add_replacement(*total_cost, write_price_2_2_1(*total_cost));
    }
    if (const auto token = document->root().find("cdr_token")) {
        const auto type = token->find("type");
        if (type && type->is(kind::string) && token_type_2_2_1(type->string()) != type->string()) {
            mapped.add_replacement(*type, json::quote(token_type_2_2_1(type->string())));
        }
    }
    return mapped.has_replacements() ? mapped.apply_replacements(*document) : session;
}

}  // namespace ocpi::sessions
