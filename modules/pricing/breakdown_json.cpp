#include "modules/pricing/breakdown_json.hpp"

#include "modules/pricing/decimal_json.hpp"
#include "modules/pricing/taxes.hpp"
#include "ocpi/json/writer.hpp"

namespace ocpi::pricing {
namespace {

using json::object_writer;

std::string write_taxes(const breakdown& of)
{
    json::array_writer taxes;
    for (const auto& entry : of.taxes) {
        object_writer object;
        object.string("name", entry.name);
        object.raw("percentage", write_number(entry.percentage));
        object.raw("amount", write_number(entry.amount));
        taxes.raw(object.finish());
    }
    return taxes.finish();
}

std::string write_dimensions(const breakdown& of)
{
    object_writer object;
    for (std::size_t i = 0; i < of.dimensions.size(); ++i) {
        const auto& dimension = of.dimensions[i];
        object_writer costs;
        costs.raw("volume", write_number(dimension.volume));
        costs.raw("billed_volume", write_number(dimension.billed_volume));
        costs.raw("before_taxes", write_number(dimension.before_taxes));
        object.raw(to_string(static_cast<cost_dimension>(i)), costs.finish());
    }
    return object.finish();
}

std::string write_item(const billed_item& of, const priced_period& period)
{
    object_writer object;
    const bool is_fee = of.component && of.component->type == tariffs::tariff_dimension::flat;
    object.raw("type", json::quote(to_string(of.dimension)));
    object.raw("is_fee", is_fee ? "true" : "false");
    object.raw("volume", write_number(of.volume));
    if (!of.component) {
        object.raw("billed_volume", "\"0\"");
        for (const char* name : {"element", "price", "vat"}) object.raw(name, "null");
        object.raw("amount", "\"0\"");
        object.raw("before_taxes", "\"0\"");
        return object.finish();
    }
    object.raw("billed_volume",
               of.excess ? write_number(billed_volume(of)) : write_number(of.volume));
    object.integer("element", static_cast<std::int64_t>(of.element));
    object.raw("price", write_number(of.component->price));
    object.raw("vat", write_number(of.component->vat));
    // A fraction takes many times as long as a decimal.
    const auto total =
        of.excess ? write_number(amount(of)) : write_number(of.volume * of.component->price);
    object.raw("amount", total);
    const auto& tariff = *period.tariff;
    object.raw("before_taxes", includes_taxes(tariff, *of.component)
                                   ? write_number(before_taxes(amount(of), tariff, *of.component))
                                   : total);
    return object.finish();
}

std::string write_period(const priced_period& period)
{
    json::array_writer items;
    for (const auto& one : period.items) items.raw(write_item(one, period));
    object_writer object;
    object.string("start_date_time", to_string(period.start));
    if (period.tariff) {
        object.string("tariff_id", period.tariff->id.str());
    } else {
        object.raw("tariff_id", period.tariff_id ? json::quote(period.tariff_id->str()) : "null");
    }
    object.raw("is_priced", period.tariff ? "true" : "false");
    object.raw("dimensions", items.finish());
    return object.finish();
}

std::string write_comparison(const comparison& with)
{
    object_writer object;
    object.raw("before_taxes", write_number(with.before_taxes));
    object.raw("after_taxes", write_number(with.after_taxes));
    object.raw("difference_before_taxes", write_number(with.difference_before_taxes));
    object.raw("difference_after_taxes", write_number(with.difference_after_taxes));
    object.raw("likely_component",
               with.likely_component.empty() ? "null" : json::quote(with.likely_component));
    object.string("explanation", with.explanation);
    return object.finish();
}

}  // namespace

std::string write_breakdown(const breakdown& of, const std::optional<comparison>& with_cpo)
{
    object_writer object;
    object.raw("currency", of.currency.empty() ? "null" : json::quote(of.currency));
    write_breakdown_members(object, of, with_cpo);
    return object.finish();
}

void write_breakdown_members(object_writer& object, const breakdown& of,
                             const std::optional<comparison>& with_cpo)
{
    json::array_writer periods;
    for (const auto& period : of.periods) periods.raw(write_period(period));
    json::array_writer notes;
    for (const auto& note : of.notes) notes.raw(json::quote(note));
    object.raw("before_taxes", write_number(of.before_taxes));
    object.raw("after_taxes", write_number(of.after_taxes));
    object.raw("taxes", write_taxes(of));
    object.raw("dimensions", write_dimensions(of));
    object.raw("periods", periods.finish());
    object.raw("notes", notes.finish());
    if (with_cpo) object.raw("cpo_total_cost", write_comparison(*with_cpo));
}

}  // namespace ocpi::pricing
