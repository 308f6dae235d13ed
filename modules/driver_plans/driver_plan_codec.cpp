#include "modules/driver_plans/driver_plan_codec.hpp"

#include "ocpi/base/rational.hpp"
#include "ocpi/json/field_reader.hpp"
#include "ocpi/json/writer.hpp"

#include <algorithm>
#include <array>
#include <unordered_set>

namespace ocpi::driver_plans {
namespace {

using json::object_reader;
using json::presence;

constexpr std::array<std::string_view, 6> plan_members{
    "id", "currency", "timezone", "billingPeriod", "tiers", "contractIds"};
constexpr std::array<std::string_view, 2> tier_members{"upToKwh", "pricePerKwh"};
constexpr std::array<std::string_view, 1> billing_periods{"MONTH"};

/// Of a contract id in OCPI [types, CdrToken].
constexpr std::size_t max_contract_id_length = 36;
constexpr std::size_t max_zone_length = 64;
/// A session of decades is split at each bound of each month.
constexpr std::size_t max_tiers = 100;

/// The number if it can be reckoned with.
std::optional<decimal> read_number(object_reader& in, std::string_view name, presence wanted)
{
    auto number = in.number(name, wanted);
    if (number && !number->fits(max_rational_places)) {
        in.add_problem(name, "is too large or has too many places");
        return {};
    }
    return number;
}

void read_id(object_reader& in, driver_plan& plan)
{
    const ci_string addressed(plan.id);
    if (plan.id.size() > max_plan_id_length || !is_printable_ascii(plan.id)) {
        in.add_problem("id", "of the URL may hold up to " + std::to_string(max_plan_id_length) +
                                 " printable ASCII characters");
        return;
    }
    const auto sent = in.ci_text("id", max_plan_id_length, presence::optional);
    if (sent && !(*sent == addressed)) in.add_problem("id", "must be the id of the URL");
}

void read_currency(object_reader& in, driver_plan& plan)
{
    const auto currency = in.text("currency", 0, presence::required);
    if (!currency) return;
    const auto is_capital = [](char c) { return c >= 'A' && c <= 'Z'; };
    if (currency->size() != 3 || !std::all_of(currency->begin(), currency->end(), is_capital)) {
        in.add_problem("currency", "must be an ISO 4217 code such as EUR");
        return;
    }
    plan.currency = *currency;
}

void read_timezone(object_reader& in, driver_plan& plan)
{
    const auto name = in.text("timezone", max_zone_length, presence::required);
    if (!name) return;
    const auto zone = time_zone::find(*name);
    if (zone) {
        plan.timezone = *zone;
    } else {
        in.add_problem("timezone", "is no time zone of the IANA database such as Europe/Madrid");
    }
}

plan_tier read_tier(object_reader& in, bool is_last)
{
    plan_tier read;
    read.up_to_kwh = read_number(in, "upToKwh", presence::optional);
    if (!is_last && !in.find_non_null("upToKwh")) {
        in.add_problem("upToKwh", "is missing: only the last tier may be without an end");
    }
    const auto price = read_number(in, "pricePerKwh", presence::required);
    if (price && price->is_negative()) in.add_problem("pricePerKwh", "must not be negative");
    read.price_per_kwh = price.value_or(decimal());
    return read;
}

void read_tiers(object_reader& in, driver_plan& plan)
{
    const auto list = in.find_non_null("tiers");
    const auto count = list ? list->size() : 0;
    if (count > max_tiers) {
        in.add_problem("tiers", "has more than " + std::to_string(max_tiers) + " tiers");
        return;
    }
    decimal reached;
    in.objects("tiers", presence::required, [&](object_reader& tier) {
        const bool is_last = tier.pointer() == json::append_pointer("/tiers", count - 1);
        tier.refuse_unknown_members(tier_members);
        plan.tiers.push_back(read_tier(tier, is_last));
        const auto& bound = plan.tiers.back().up_to_kwh;
        if (!bound) return;
        if (*bound <= reached) {
            tier.add_problem(
                "upToKwh", "must be greater than " + to_text(reached) + ", where the tier begins");
        } else {
            reached = *bound;
        }
    });
}

void read_contract_ids(object_reader& in, driver_plan& plan)
{
    std::unordered_set<std::string> met;
    const auto read_one = [&](json::value element, const std::string& pointer) {
        const auto text = element.string();
        if (text.empty() || text.size() > max_contract_id_length || !is_printable_ascii(text)) {
            in.findings().add_problem(pointer, "must be a contract id of 1 to " +
                                                   std::to_string(max_contract_id_length) +
                                                   " printable ASCII characters");
            return;
        }
        if (!met.insert(fold_case(text)).second) {
            in.findings().add_problem(pointer, "is in the list twice");
            return;
        }
        plan.contract_ids.emplace_back(std::string(text));
    };
    // A plan may have no contract, but must say so.
    const auto list = in.find_non_null("contractIds");
    const bool is_empty = list && list->is(json::kind::array) && list->size() == 0;
    if (!is_empty) in.list("contractIds", presence::required, read_one);
}

}  // namespace

result<driver_plan> read_driver_plan(std::string_view body, std::string_view id)
{
    const auto document = json::parse(body);
    if (document.has_error()) return document.error();
    json::diagnostics findings;
    json::check_numbers(*document, findings);
    driver_plan plan;
    plan.id = id;
    if (auto root = object_reader::of_root(*document, findings)) {
        root->refuse_unknown_members(plan_members);
        read_id(*root, plan);
        read_currency(*root, plan);
        read_timezone(*root, plan);
        root->one_of("billingPeriod", billing_periods, presence::required);
        read_tiers(*root, plan);
        read_contract_ids(*root, plan);
    }
    if (!findings.problems().empty()) return findings.to_error();
    return plan;
}

std::string write_driver_plan(const driver_plan& plan)
{
    json::array_writer tiers;
    for (const auto& tier : plan.tiers) {
        json::object_writer written;
        written.raw("upToKwh", tier.up_to_kwh ? to_text(*tier.up_to_kwh) : "null")
            .raw("pricePerKwh", to_text(tier.price_per_kwh));
        tiers.raw(written.finish());
    }
    json::array_writer contracts;
    for (const auto& contract : plan.contract_ids) contracts.raw(json::quote(contract.str()));
    json::object_writer written;
    written.string("id", plan.id)
        .string("currency", plan.currency)
        .string("timezone", plan.timezone.name())
        .string("billingPeriod", billing_periods.front())
        .raw("tiers", tiers.finish())
        .raw("contractIds", contracts.finish());
    return written.finish();
}

}  // namespace ocpi::driver_plans
