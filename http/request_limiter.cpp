#include "http/request_limiter.hpp"

#include "http/caller_key.hpp"

#include <algorithm>
#include <utility>

namespace ocpi::http {
namespace {

token_bucket bucket_of_token(const request_limits& limits)
{
    token_bucket::rate rate;
    rate.count = std::max<std::int64_t>(limits.requests_per_second, 1);
    rate.period = std::chrono::seconds(1);
    rate.burst = limits.burst > 0 ? limits.burst : rate.count;
    return token_bucket(rate);
}

token_bucket bucket_of_network(const request_limits& limits)
{
    token_bucket::rate rate;
    rate.count = std::max<std::int64_t>(limits.failed_per_minute, 1);
    rate.period = std::chrono::minutes(1);
    rate.burst = rate.count;
    return token_bucket(rate);
}

request_limiter::refusal too_many(const char* text, std::string log_text,
                                  request_limiter::clock::duration wait)
{
    request_limiter::refusal refused;
    refused.because = error(errc::too_many_requests, text, {}, std::move(log_text));
    refused.retry_after =
        std::max(std::chrono::seconds(1), std::chrono::ceil<std::chrono::seconds>(wait));
    return refused;
}

}  // namespace

class request_limiter::turn {
public:
    turn(std::shared_ptr<request_limiter> limiter, std::string key)
        : limiter_(std::move(limiter)), key_(std::move(key))
    {
    }
    turn(const turn&) = delete;
    turn& operator=(const turn&) = delete;
    ~turn() { limiter_->leave(key_); }

private:
    const std::shared_ptr<request_limiter> limiter_;
    const std::string key_;
};

request_limiter::request_limiter(request_limits limits)
    : limits_(std::move(limits)),
      new_token_{bucket_of_token(limits_)},
      new_network_{bucket_of_network(limits_)},
      tokens_(max_tokens),
      networks_(max_networks)
{
}

request_limiter::verdict request_limiter::admit(const auth::principal& caller,
                                                clock::time_point now)
{
    verdict judged;
    const bool has_rate = limits_.requests_per_second > 0;
    const bool has_turns = limits_.concurrent_requests > 0;
    if (!has_rate && !has_turns) return judged;
    enum class outcome { admitted, too_often, too_many_at_once };
    auto key = caller_key(caller);
    clock::duration wait{};
    const auto found = tokens_.use(key, new_token_, [&](token_state& state) {
        if (has_turns && state.in_progress >= limits_.concurrent_requests)
            return outcome::too_many_at_once;
        if (has_rate) wait = state.bucket.take(now);
        if (wait > clock::duration::zero()) return outcome::too_often;
        if (has_turns) ++state.in_progress;
        return outcome::admitted;
    });
    if (found == outcome::too_many_at_once) {
        judged.refused = too_many("too many requests with this token are in progress",
                                  "too many requests of " + caller.name + " are in progress", wait);
    } else if (found == outcome::too_often) {
        judged.refused = too_many("too many requests with this token",
                                  "too many requests of " + caller.name, wait);
    } else if (has_turns) {
        judged.turn = std::make_shared<const turn>(shared_from_this(), std::move(key));
    }
    return judged;
}

std::optional<request_limiter::refusal> request_limiter::count_failure(const request& head,
                                                                       clock::time_point now)
{
    if (limits_.failed_per_minute <= 0 || head.peer.is_unspecified()) return {};
    const auto network =
        network_of(find_client_address(head.peer, head.headers, limits_.trusted_proxies));
    const auto wait = networks_.use(network, new_network_,
                                    [now](network_state& state) { return state.bucket.take(now); });
    if (wait <= clock::duration::zero()) return {};
    return too_many("too many requests without a valid token from this address",
                    "too many requests without a valid token from " + to_string(network), wait);
}

void request_limiter::leave(const std::string& key)
{
    tokens_.use(key, new_token_, [](token_state& state) {
        if (state.in_progress > 0) --state.in_progress;
        return true;
    });
}

}  // namespace ocpi::http
