#include "modules/managed/preferences_sender.hpp"

#include "modules/managed/preferences_target.hpp"
#include "modules/managed/reading.hpp"

#include <cstddef>
#include <functional>
#include <string>
#include <utility>

namespace ocpi::managed {
namespace {

using boost::asio::awaitable;

constexpr std::size_t lanes_of_cpo = 4;

}  // namespace

bool has_unsent_target(const managed_session& session, date_time now)
{
    if (session.is_settled) return false;
    const auto entry = target_in_force(session.targets, now);
    const auto goal = target_of(entry, session.rule, now);
    if (!goal) return false;
    if (session.requests.empty()) return true;
    const auto& last = session.requests.back();
    return last.target_id != entry.id || last.departure_time != goal->ready_by;
}

std::optional<control_request> due_request(const managed_session& session,
                                           const sessions::session_data& seen, date_time now)
{
    if (session.is_settled || !sessions::is_live(seen)) return std::nullopt;
    const auto entry = target_in_force(session.targets, now);
    const auto goal = target_of(entry, session.rule, now);
    if (!goal) return std::nullopt;
    const bool was_answered = !session.requests.empty() && session.requests.back().is_answered;
    if (was_answered && !has_unsent_target(session, now)) return std::nullopt;
    const charging_history history(seen, session, now);
    control_request request;
    request.target_id = entry.id;
    request.departure_time = goal->ready_by;
    request.preferences = to_charging_preferences(*goal, session.rule,
                                                  history.battery.level_at(history.energy.until()));
    return request;
}

preferences_sender::preferences_sender(std::shared_ptr<sessions::preferences_forwarder> forwarder,
                                       std::shared_ptr<const clock> time, snapshot_reader& reader,
                                       policy_events& events)
    : forwarder_(std::move(forwarder)), time_(std::move(time)), reader_(reader), events_(events)
{
}

bool preferences_sender::sends_for(const crud::object_key& key) const
{
    return forwarder_ && !reader_.is_own(key);
}

awaitable<void> preferences_sender::send(crud::object_key key)
{
    if (!sends_for(key)) co_return;
    if (!co_await forwarder_->can_reach(key.owner())) co_return;
    const auto lane = std::hash<std::string>()(key.folded()) % lanes_of_cpo;
    const auto turn = co_await turns_.take(to_string(key.owner()) + std::to_string(lane));
    const auto record = co_await events_.records().find(key);
    if (record.has_error() || !*record) co_return;
    const auto found = co_await reader_.find(key);
    if (found.has_error() || !*found || !(*found)->seen.fields.cdr_token) co_return;
    const auto& session = **found;
    auto request = due_request((*record)->value, session.seen, time_->now());
    if (!request) co_return;
    // Recorded first: the CPO may return the preferences before it answers.
    const auto preferences = request->preferences;
    preferences_sent sent;
    sent.request = std::move(*request);
    const event sending = std::move(sent);
    const auto noted = co_await events_.apply_to(*found, sending, time_->now());
    if (noted.has_error()) co_return;
    const auto emsp = session.seen.fields.cdr_token->emsp();
    const protocol::trace_context no_trace;
    const auto answer = co_await forwarder_->forward(key.owner(), emsp, session.key.id.str(),
                                                     preferences, std::string(), no_trace);
    preferences_answered answered;
    if (answer.has_value()) {
        answered.is_refused = answer->response != "ACCEPTED";
    } else {
        const auto code = answer.error().code();
        answered.is_refused = code == errc::not_found || code == errc::invalid;
        if (!answered.is_refused) co_return;
    }
    const event answering = answered;
    (void)co_await events_.apply_to(*found, answering, time_->now());
}

}  // namespace ocpi::managed
