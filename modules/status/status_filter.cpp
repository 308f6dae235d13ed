#include "modules/status/status_filter.hpp"

#include "http/management_access.hpp"
#include "modules/sessions/session_summary.hpp"
#include "modules/status/status_view.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <string_view>
#include <utility>

namespace ocpi::status {
namespace {

using std::chrono::local_days;

/// In the order of the enumeration.
constexpr std::array<std::string_view, 6> state_names{"all",     "live",    "completed",
                                                      "pending", "invalid", "attention"};

error bad_parameter(std::string_view name, std::string_view must)
{
    return error(errc::malformed_http, std::string(name).append(" must be ").append(must));
}

/// The value of a parameter; nullptr when it is not sent.
result<const std::string*> find_once(const http::call& call, std::string_view name)
{
    const std::string* found = nullptr;
    for (const auto& parameter : call.target.query) {
        if (parameter.name != name) continue;
        if (found) return bad_parameter(name, "sent once");
        found = &parameter.value;
    }
    return found;
}

std::optional<int> parse_number(std::string_view digits)
{
    int number = 0;
    const auto* const end = digits.data() + digits.size();
    const auto [stopped, failure] = std::from_chars(digits.data(), end, number);
    if (failure != std::errc() || stopped != end || digits.front() == '-') return std::nullopt;
    return number;
}

/// `2026-06-01`
std::optional<local_days> parse_day(std::string_view text)
{
    if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
    const auto year = parse_number(text.substr(0, 4));
    const auto month = parse_number(text.substr(5, 2));
    const auto day = parse_number(text.substr(8, 2));
    if (!year || !month || !day) return std::nullopt;
    const std::chrono::year_month_day date{std::chrono::year(*year),
                                           std::chrono::month(static_cast<unsigned>(*month)),
                                           std::chrono::day(static_cast<unsigned>(*day))};
    if (!date.ok()) return std::nullopt;
    return local_days(date);
}

/// The instant that the parameter names, or the beginning of its day or of the one `days` later.
result<std::optional<date_time>> read_bound(const http::call& call, std::string_view name,
                                            const time_zone& zone, std::chrono::days later)
{
    const auto sent = find_once(call, name);
    if (sent.has_error()) return sent.error();
    if (!*sent) return std::optional<date_time>();
    if (const auto day = parse_day(**sent)) {
        return std::optional<date_time>(zone.instant(local_time(*day + later)));
    }
    const auto instant = parse_date_time(**sent);
    if (!instant) return bad_parameter(name, "a day such as 2026-06-01, or an instant");
    return std::optional<date_time>(instant->value);
}

result<listed_state> read_state(const http::call& call)
{
    const auto sent = find_once(call, "state");
    if (sent.has_error()) return sent.error();
    if (!*sent) return listed_state::all;
    const auto* const found = std::find(state_names.begin(), state_names.end(), **sent);
    if (found == state_names.end()) {
        return bad_parameter("state", "all, live, completed, pending, invalid or attention");
    }
    return static_cast<listed_state>(found - state_names.begin());
}

result<time_zone> read_zone(const http::call& call)
{
    const auto sent = find_once(call, "timezone");
    if (sent.has_error()) return sent.error();
    if (!*sent) return time_zone();
    const auto found = time_zone::find(**sent);
    if (!found) return bad_parameter("timezone", "a time zone such as Europe/Madrid");
    return *found;
}

result<std::string> read_text(const http::call& call)
{
    const auto sent = find_once(call, "q");
    if (sent.has_error()) return sent.error();
    if (!*sent) return std::string();
    const auto is_control = [](char c) { return static_cast<unsigned char>(c) < ' '; };
    const auto& text = **sent;
    if (text.size() > max_search_text || std::any_of(text.begin(), text.end(), is_control)) {
        return bad_parameter(
            "q", "at most " + std::to_string(max_search_text) + " characters on one line");
    }
    return sessions::search_text_of(text);
}

std::vector<std::string_view> categories_of(listed_state state)
{
    switch (state) {
        case listed_state::live: return {sessions::live_sessions};
        case listed_state::completed: return {sessions::completed_sessions};
        case listed_state::pending: return {sessions::pending_sessions};
        case listed_state::invalid: return {sessions::invalid_sessions};
        case listed_state::attention: return {sessions::live_sessions, sessions::awaiting_sessions};
        case listed_state::all: break;
    }
    return {sessions::live_sessions, sessions::awaiting_sessions, sessions::completed_sessions,
            sessions::pending_sessions, sessions::invalid_sessions};
}

}  // namespace

result<status_filter> read_status_filter(const http::call& call)
{
    status_filter read;
    const auto zone = read_zone(call);
    if (zone.has_error()) return zone.error();
    read.zone = *zone;
    const auto state = read_state(call);
    if (state.has_error()) return state.error();
    read.state = *state;
    const auto from = read_bound(call, "from", read.zone, std::chrono::days(0));
    if (from.has_error()) return from.error();
    read.from = *from;
    const auto to = read_bound(call, "to", read.zone, std::chrono::days(1));
    if (to.has_error()) return to.error();
    read.to = *to;
    auto text = read_text(call);
    if (text.has_error()) return text.error();
    read.text = std::move(*text);
    read.contracts = http::visible_contracts(call.caller);
    return read;
}

crud::search_filter search_filter_of(const status_filter& filter, date_time now)
{
    // A session is stale from the millisecond on at which it has been silent for so long.
    const date_time fresh_from(now.instant() - stale_after + std::chrono::milliseconds(1));
    crud::search_filter wanted;
    wanted.contracts = filter.contracts;
    wanted.text = filter.text;
    for (const auto category : categories_of(filter.state)) {
        crud::category_range range;
        range.category = category;
        range.from = filter.from;
        range.to = filter.to;
        const bool must_be_stale =
            filter.state == listed_state::attention && category == sessions::live_sessions;
        if (must_be_stale) range.to = std::min(filter.to.value_or(fresh_from), fresh_from);
        wanted.ranges.push_back(std::move(range));
    }
    return wanted;
}

date_time begin_of_day(const time_zone& zone, date_time instant, int days)
{
    const auto day = std::chrono::floor<std::chrono::days>(zone.local(instant));
    return zone.instant(local_time(day + std::chrono::days(days)));
}

}  // namespace ocpi::status
