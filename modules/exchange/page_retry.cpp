#include "modules/exchange/page_retry.hpp"

namespace ocpi::exchange {
namespace {

constexpr int too_many_requests = 429;

/// True when the same request may well succeed in a moment.
bool is_passing(const result<partners::platform_answer>& outcome)
{
    if (outcome.has_error()) return outcome.error().code() == errc::partner_failure;
    return outcome->http_status >= 500 ||
           (outcome->status_code >= 3000 && outcome->status_code < 4000);
}

}  // namespace

std::optional<std::chrono::seconds> find_asked_pause(
    const result<partners::platform_answer>& outcome)
{
    if (outcome.has_error() || outcome->is_success()) return std::nullopt;
    return outcome->retry_after;
}

std::optional<page_retry> find_retry(const result<partners::platform_answer>& outcome, int retries,
                                     const retry_limits& limits, std::minstd_rand& random)
{
    if (retries >= limits.page_retries) return std::nullopt;
    const auto asked = find_asked_pause(outcome);
    if (asked) {
        const bool may_succeed = is_passing(outcome) || outcome->http_status == too_many_requests;
        if (!may_succeed || *asked > limits.longest_wait) return std::nullopt;
        page_retry later;
        later.pause = *asked;
        later.is_asked_for = true;
        return later;
    }
    if (!is_passing(outcome)) return std::nullopt;
    page_retry soon;
    const backoff waits{limits.retry_delay};
    soon.pause = waits.about(static_cast<unsigned>(retries) + 1, random);
    return soon;
}

}  // namespace ocpi::exchange
