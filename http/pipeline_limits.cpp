#include "http/caller_key.hpp"
#include "http/pipeline.hpp"

#include <string>
#include <utility>

namespace ocpi::http {

/// The refusal of a request that is one too many of its token, or, without a caller, of its
/// address.
std::optional<response> pipeline::limit(const request& head, admission& judged)
{
    if (!dependencies_.limiter) return {};
    std::optional<request_limiter::refusal> refused;
    if (judged.caller) {
        auto verdict = dependencies_.limiter->admit(*judged.caller);
        refused = std::move(verdict.refused);
        judged.turn = std::move(verdict.turn);
    } else {
        refused = dependencies_.limiter->count_failure(head);
    }
    if (!refused) return {};
    answer answered(std::move(refused->because));
    answered.headers.add("Retry-After", std::to_string(refused->retry_after.count()));
    return refuse_by(head, std::move(answered));
}

/// Replaces an answer that there is no memory for; `caller` is nullptr without a token.
void pipeline::reserve_memory(const request& received, const auth::principal* caller,
                              response& answered)
{
    const auto bytes = answered.body.capacity();
    if (!dependencies_.answers || answered.stream || bytes <= answer_memory::small_answer) return;
    const bool is_read = received.method == "GET" || received.method == "HEAD";
    const auto demand = is_read ? answer_memory::demand::if_free : answer_memory::demand::always;
    auto reserved =
        dependencies_.answers->take(caller ? caller_key(*caller) : std::string(), bytes, demand);
    if (reserved.has_error()) {
        answered = refuse(received, reserved.error());
    } else {
        hold(answered, std::move(*reserved));
    }
}

/// In addition to what the response holds already; `more` may be nullptr.
void pipeline::hold(response& until_sent, std::shared_ptr<const void> more)
{
    using both = std::pair<std::shared_ptr<const void>, std::shared_ptr<const void>>;
    if (!more) return;
    if (!until_sent.held) {
        until_sent.held = std::move(more);
    } else {
        until_sent.held = std::make_shared<const both>(std::move(until_sent.held), std::move(more));
    }
}

}  // namespace ocpi::http
