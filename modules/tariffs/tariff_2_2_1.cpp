#include "modules/tariffs/tariff_2_2_1.hpp"

#include "ocpi/json/document.hpp"
#include "ocpi/json/writer.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace ocpi::tariffs {
namespace {

using json::presence;
using json::value;

bool is_of_either_form(std::string_view name)
{
    constexpr std::array<std::string_view, 4> names{"excl_vat", "incl_vat", "before_taxes",
                                                    "after_taxes"};
    return std::find(names.begin(), names.end(), name) != names.end();
}

/// The members of a limit that belong to neither form.
void write_others(json::object_writer& written, value limit)
{
    for (auto member : limit) {
        if (!is_of_either_form(member.name())) written.raw(member.name(), member.text());
    }
}

/// The limit with the two members called otherwise.
std::string renamed(value limit, std::array<std::string_view, 2> from,
                    std::array<std::string_view, 2> to)
{
    json::object_writer written;
    for (std::size_t i = 0; i < from.size(); ++i) {
        if (const auto amount = limit.find(from[i])) written.raw(to[i], amount->text());
    }
    write_others(written, limit);
    return written.finish();
}

constexpr std::array<std::string_view, 2> names_2_2_1{"excl_vat", "incl_vat"};
constexpr std::array<std::string_view, 2> names_2_3_0{"before_taxes", "after_taxes"};

/// The members of a Tariff, but for tax_included when that goes without saying in 2.2.1.
std::string write_tariff_2_2_1(value tariff)
{
    json::object_writer written;
    for (auto member : tariff) {
        const auto name = member.name();
        const bool is_limit = name == "min_price" || name == "max_price";
        if (is_limit && member.is(json::kind::object)) {
            written.raw(name, renamed(member, names_2_3_0, names_2_2_1));
        } else if (name != "tax_included" || member.string() != "NO") {
            written.raw(name, member.text());
        }
    }
    return written.finish();
}

}  // namespace

price_limit read_price_limit_2_2_1(json::object_reader& object, value original)
{
    price_limit limit;
    const auto excl_vat = object.number("excl_vat", presence::required);
    limit.after_taxes = object.number("incl_vat", presence::optional);
    if (!excl_vat) return limit;
    limit.before_taxes = *excl_vat;
    object.findings().add_replacement(original, renamed(original, names_2_2_1, names_2_3_0));
    return limit;
}

tax_included read_tax_included_2_2_1(json::object_reader& tariff)
{
    const auto sent = tariff.find_non_null("tax_included");
    if (!sent || sent->string() == "NO") return tax_included::no;
    if (sent->string() == "YES") return tax_included::yes;
    if (sent->string() == "N/A") return tax_included::not_applicable;
    tariff.findings().add_replacement(*sent, json::quote("NO"));
    return tax_included::no;
}

std::string with_tax_included(std::string tariff)
{
    const auto document = json::parse(tariff);
    if (document.has_error()) return tariff;
    json::object_writer written;
    bool is_stated = false;
    for (auto member : document->root()) {
        if (member.name() == "tax_included") {
            if (member.is(json::kind::null)) continue;
            is_stated = true;
        }
        written.raw(member.name(), member.text());
    }
    if (is_stated) return tariff;
    written.string("tax_included", "NO");
    return written.finish();
}

std::string convert_to(protocol::version version, std::string tariff)
{
    if (version == protocol::version::v2_3_0) return tariff;
    const auto document = json::parse(tariff);
    if (document.has_error()) return tariff;
    return write_tariff_2_2_1(document->root());
}

}  // namespace ocpi::tariffs
