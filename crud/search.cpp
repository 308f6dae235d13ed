#include "crud/search.hpp"

#include "crud/page_bound.hpp"
#include "ocpi/base/rational.hpp"

#include <algorithm>
#include <charconv>
#include <map>
#include <string>
#include <utility>

namespace ocpi::crud {
namespace {

constexpr int places = 6;
/// Of 10^9 - 1 in millionths.
constexpr std::int64_t max_digits_of_millionths = 9 + places;

bool is_within(const search_place& place, const search_query& query)
{
    return (!query.after || place < *query.after) && (!query.before || place > *query.before);
}

}  // namespace

bool category_range::contains(date_time instant) const
{
    return (!from || instant >= *from) && (!to || instant < *to);
}

bool search_filter::matches(const document& candidate, std::optional<date_time> instant) const
{
    if (!candidate.summary || candidate.secondary_key.empty() || !instant) return false;
    const auto in_range = [&](const category_range& range) {
        return range.category == candidate.summary->category && range.contains(*instant);
    };
    if (std::none_of(ranges.begin(), ranges.end(), in_range)) return false;
    if (candidate.summary->search_text.find(text) == std::string::npos) return false;
    if (!contracts) return true;
    return candidate.contract &&
           std::find(contracts->begin(), contracts->end(), *candidate.contract) != contracts->end();
}

search_place place_of(const document& of)
{
    search_place place;
    place.last_updated = of.last_updated;
    place.secondary_key = of.secondary_key;
    return place;
}

std::optional<date_time> instant_of(const document& of, const totals_query& query)
{
    if (!query.by_start) return of.last_updated;
    return of.summary ? of.summary->started_at : std::nullopt;
}

search_page make_search_page(std::vector<const record*> matching, const search_query& query)
{
    std::erase_if(matching,
                  [&](const record* each) { return !is_within(place_of(each->document), query); });
    const bool is_upwards = query.before.has_value();
    std::sort(matching.begin(), matching.end(), [is_upwards](const record* a, const record* b) {
        const auto first = place_of(a->document);
        const auto second = place_of(b->document);
        return is_upwards ? first < second : first > second;
    });
    search_page page;
    byte_bound bound(query.max_bytes);
    for (const record* each : matching) {
        page.is_last_page = false;
        if (page.records.size() == query.limit) break;
        if (!bound.admit(each->document.json.size())) break;
        page.is_last_page = true;
        page.reached = place_of(each->document);
        page.records.push_back(*each);
    }
    if (is_upwards) std::reverse(page.records.begin(), page.records.end());
    return page;
}

totals make_totals(const std::vector<const record*>& matching, const totals_query& query)
{
    std::map<std::string, totals::part> by_currency;
    for (const record* each : matching) {
        const auto& summary = *each->document.summary;
        auto& part = by_currency[summary.currency];
        part.currency = summary.currency;
        ++part.count;
        part.kwh = part.kwh + from_millionths(summary.kwh.value_or(0));
        part.cost = part.cost + from_millionths(summary.cost.value_or(0));
    }
    totals sums;
    for (auto& [currency, part] : by_currency) sums.parts.push_back(std::move(part));
    if (matching.size() > query.max_records) return sums;
    byte_bound bound(query.max_bytes);
    auto& records = sums.records.emplace();
    for (const record* each : matching) {
        if (!bound.admit(each->document.json.size())) {
            sums.records.reset();
            break;
        }
        records.push_back(*each);
    }
    return sums;
}

std::optional<std::int64_t> to_millionths(const decimal& number)
{
    if (number.is_zero()) return 0;
    if (!number.fits(max_rational_places)) return std::nullopt;
    const auto fitting =
        number.exponent() < -places ? rounded(to_rational(number), places) : number;
    if (fitting.is_zero()) return 0;
    const auto zeros = fitting.exponent() + places;
    std::string text(fitting.digits());
    if (static_cast<std::int64_t>(text.size()) + zeros > max_digits_of_millionths) {
        return std::nullopt;
    }
    text.append(static_cast<std::size_t>(zeros), '0');
    std::int64_t scaled = 0;
    std::from_chars(text.data(), text.data() + text.size(), scaled);
    return fitting.is_negative() ? -scaled : scaled;
}

decimal from_millionths(std::int64_t number)
{
    return *decimal::parse(std::to_string(number) + "e-" + std::to_string(places));
}

}  // namespace ocpi::crud
