#include "modules/pricing/session_tariffs.hpp"

#include <algorithm>
#include <utility>

namespace ocpi::pricing {
namespace {

using boost::asio::awaitable;

/// More tariffs than any real session has.
constexpr std::size_t max_tariffs = 100;
/// Elements and price components, some hundreds of bytes each: none of a real tariff's size adds
/// up to these.
constexpr std::size_t max_parts = 40'000;

std::optional<party> owner_of(const sessions::session& of)
{
    if (!of.country_code || !of.party_id) return {};
    return party(of.country_code->str(), of.party_id->str());
}

/// The ids that the periods name, each once.
std::vector<ci_string> named_tariffs(const sessions::session& of)
{
    std::vector<ci_string> named;
    for (const auto& period : of.charging_periods) {
        const auto& id = period.tariff_id;
        if (!id || (!named.empty() && named.back() == *id)) continue;
        if (std::find(named.begin(), named.end(), *id) != named.end()) continue;
        if (named.size() > max_tariffs) break;
        named.push_back(*id);
    }
    return named;
}

bool leaves_periods_open(const sessions::session& of)
{
    const auto& periods = of.charging_periods;
    return std::any_of(periods.begin(), periods.end(),
                       [](const sessions::charging_period& period) { return !period.tariff_id; });
}

tariffs::tariff_type type_of(sessions::profile_type profile)
{
    switch (profile) {
        case sessions::profile_type::cheap: return tariffs::tariff_type::profile_cheap;
        case sessions::profile_type::fast: return tariffs::tariff_type::profile_fast;
        case sessions::profile_type::green: return tariffs::tariff_type::profile_green;
        case sessions::profile_type::regular: break;
    }
    return tariffs::tariff_type::regular;
}

bool is_valid_at(const tariffs::tariff& tariff, date_time instant)
{
    return (!tariff.start_date_time || *tariff.start_date_time <= instant) &&
           (!tariff.end_date_time || instant < *tariff.end_date_time);
}

/// The last period in order of time.
const sessions::charging_period* last_period(const sessions::session& of)
{
    const auto& periods = of.charging_periods;
    const sessions::charging_period* last = nullptr;
    for (const auto& period : periods) {
        if (!last || last->start_date_time <= period.start_date_time) last = &period;
    }
    return last;
}

}  // namespace

awaitable<result<session_tariffs>> session_tariff_finder::find(const sessions::session& of,
                                                               sessions::profile_type profile,
                                                               std::optional<time_zone> of_policy)
{
    session_tariffs found;
    auto at = co_await find_place(of, of_policy, found.notes);
    if (at.has_error()) co_return at.error();
    found.zone = at->zone;
    const auto owner = owner_of(of);
    if (!owner) co_return found;
    auto named = named_tariffs(of);
    if (named.size() > max_tariffs) {
        found.notes.emplace_back(
            "the session names more than 100 tariffs: the others count as "
            "unknown");
        named.resize(max_tariffs);
    }
    std::size_t parts = 0;
    for (const auto& id : named) {
        if (parts > max_parts) {
            found.notes.emplace_back(
                "the tariffs of the session are too large: the others count as unknown");
            break;
        }
        auto tariff = co_await find_named(*owner, id.str(), found.notes);
        if (tariff.has_error()) co_return tariff.error();
        if (!*tariff) continue;
        parts += tariffs::count_parts(**tariff);
        found.tariffs.push_back(std::move(*tariff));
    }
    const bool is_default_wanted = named.empty() || (named.size() > 1 && leaves_periods_open(of));
    if (!is_default_wanted) co_return found;
    auto tariff = co_await find_default(of, *at, profile, found.notes);
    if (tariff.has_error()) co_return tariff.error();
    if (!*tariff) co_return found;
    found.default_id = (*tariff)->id;
    const bool is_there = std::any_of(found.tariffs.begin(), found.tariffs.end(),
                                      [&](const auto& each) { return each->id == (*tariff)->id; });
    if (!is_there) found.tariffs.push_back(std::move(*tariff));
    co_return found;
}

awaitable<result<session_tariffs>> session_tariff_finder::find_current(
    const sessions::session& of, sessions::profile_type profile, std::optional<time_zone> of_policy)
{
    session_tariffs found;
    const auto at = co_await find_place(of, of_policy, found.notes);
    if (at.has_error()) co_return at.error();
    found.zone = at->zone;
    const auto owner = owner_of(of);
    if (!owner) co_return found;
    tariffs::tariff_ptr tariff;
    const auto* last = last_period(of);
    if (last && last->tariff_id) {
        auto named = co_await find_named(*owner, last->tariff_id->str(), found.notes);
        if (named.has_error()) co_return named.error();
        tariff = std::move(*named);
    }
    if (!tariff) {
        auto of_evse = co_await find_default(of, *at, profile, found.notes);
        if (of_evse.has_error()) co_return of_evse.error();
        tariff = std::move(*of_evse);
    }
    if (!tariff && profile != sessions::profile_type::regular) {
        auto of_evse = co_await find_default(of, *at, sessions::profile_type::regular, found.notes);
        if (of_evse.has_error()) co_return of_evse.error();
        tariff = std::move(*of_evse);
    }
    if (tariff) found.tariffs.push_back(std::move(tariff));
    co_return found;
}

/// What is known of the EVSE, and whose clocks count.
awaitable<result<session_tariff_finder::place>> session_tariff_finder::find_place(
    const sessions::session& of, const std::optional<time_zone>& of_policy,
    std::vector<std::string>& notes)
{
    place found;
    if (dependencies_.zone) found.zone = *dependencies_.zone;
    if (of_policy) found.zone = *of_policy;
    const auto owner = owner_of(of);
    if (!dependencies_.evses || !owner || !of.location_id || !of.evse_uid) co_return found;
    auto where =
        co_await dependencies_.evses->find(*owner, of.location_id->str(), of.evse_uid->str());
    if (where.has_error()) co_return where.error();
    found.where = std::move(*where);
    if (!found.where || found.where->time_zone.empty()) co_return found;
    const auto zone = time_zone::find(found.where->time_zone);
    if (zone) {
        found.zone = *zone;
    } else {
        notes.push_back("the EVSE's time zone " + found.where->time_zone + " is unknown: that of " +
                        found.zone.name() + " counts");
    }
    co_return found;
}

awaitable<result<tariffs::tariff_ptr>> session_tariff_finder::find_named(
    party owner, std::string id, std::vector<std::string>& notes)
{
    auto found = co_await dependencies_.tariffs->find(owner, id);
    if (found.has_value() && !*found) notes.push_back("there is no tariff " + id);
    co_return found;
}

awaitable<result<tariffs::tariff_ptr>> session_tariff_finder::find_default(
    const sessions::session& of, const place& at, sessions::profile_type profile,
    std::vector<std::string>& notes)
{
    if (!at.where) co_return tariffs::tariff_ptr();
    const auto configured = at.where->tariff_ids.find(profile);
    if (configured == at.where->tariff_ids.end()) co_return tariffs::tariff_ptr();
    const auto& id = configured->second;
    auto found = co_await find_named(*owner_of(of), id, notes);
    if (found.has_error() || !*found) co_return found;
    const auto& tariff = **found;
    if (tariff.type && *tariff.type != type_of(profile)) {
        notes.push_back("the EVSE's tariff " + id + " is not for the profile " +
                        std::string(to_string(profile)));
        co_return tariffs::tariff_ptr();
    }
    if (of.start_date_time && !is_valid_at(tariff, *of.start_date_time)) {
        notes.push_back("the EVSE's tariff " + id + " is not valid when the session starts");
        co_return tariffs::tariff_ptr();
    }
    co_return found;
}

}  // namespace ocpi::pricing
