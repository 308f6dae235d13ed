#include "http/retry_after.hpp"

#include "http/http_date.hpp"

#include <algorithm>
#include <cstdint>
#include <string_view>

namespace ocpi::http {
namespace {

using std::chrono::seconds;

bool is_number(std::string_view text)
{
    return !text.empty() &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// Of any number of digits: beyond the longest pause, the exact value does not matter.
seconds read_seconds(std::string_view digits)
{
    std::int64_t value = 0;
    for (const char c : digits) {
        value = std::min<std::int64_t>(value * 10 + (c - '0'), max_retry_after.count());
    }
    return seconds(value);
}

seconds time_until(date_time then, const headers& answer, date_time now)
{
    auto from = now;
    if (const auto* date = answer.find("Date")) from = parse_http_date(*date, now).value_or(now);
    return std::chrono::ceil<seconds>(then.instant() - from.instant());
}

}  // namespace

std::optional<seconds> find_retry_after(const headers& answer, date_time now)
{
    const auto* text = answer.find("Retry-After");
    if (!text) return std::nullopt;
    seconds pause{};
    if (is_number(*text)) {
        pause = read_seconds(*text);
    } else if (const auto then = parse_http_date(*text, now)) {
        pause = time_until(*then, answer, now);
    }
    if (pause <= seconds::zero()) return std::nullopt;
    return std::min(pause, max_retry_after);
}

}  // namespace ocpi::http
