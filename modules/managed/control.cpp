// How the CPO of a managed session is asked to keep to its target.

#include "modules/managed/background.hpp"
#include "modules/managed/managed_session_service.hpp"
#include "modules/managed/preferences_target.hpp"
#include "modules/managed/reading.hpp"

#include <functional>
#include <string>

namespace ocpi::managed {
namespace {

using boost::asio::awaitable;

constexpr std::size_t lanes_of_cpo = 4;

/// Nothing when the CPO has answered to it before, or when there is no target to ask for.
std::optional<control_request> due_request(const managed_session& session,
                                           const sessions::session_data& seen, date_time now)
{
    if (session.is_settled || !sessions::is_live(seen)) return std::nullopt;
    const auto entry = target_in_force(session.targets, now);
    const auto goal = target_of(entry, session.rule, now);
    if (!goal) return std::nullopt;
    if (!session.requests.empty()) {
        const auto& last = session.requests.back();
        const bool is_asked =
            last.is_answered && last.target_id == entry.id && last.departure_time == goal->ready_by;
        if (is_asked) return std::nullopt;
    }
    const charging_history reading(seen, session, now);
    control_request request;
    request.target_id = entry.id;
    request.departure_time = goal->ready_by;
    request.preferences = to_charging_preferences(*goal, session.rule,
                                                  reading.battery.level_at(reading.energy.until()));
    return request;
}

}  // namespace

awaitable<void> managed_session_service::ask_for_control(crud::object_key key)
{
    if (!parts_.forwarder || updater_.is_own(key)) co_return;
    if (!co_await parts_.forwarder->can_reach(key.owner())) co_return;
    // One CPO is asked for a few sessions at a time, and for one session once.
    const auto name = key.folded();
    const auto lane = std::hash<std::string>()(name) % lanes_of_cpo;
    const auto turn = co_await control_turns_.take(to_string(key.owner()) + std::to_string(lane));
    const auto record = co_await updater_.records().find(key);
    if (record.has_error() || !*record) co_return;
    const auto session = co_await updater_.find_session(key);
    if (session.has_error() || !*session || !(*session)->seen.fields.cdr_token) co_return;
    auto request = due_request((*record)->session, (*session)->seen, parts_.time->now());
    if (!request) co_return;
    // The CPO may send it back before it answers: then it must be known to be ours.
    const auto preferences = request->preferences;
    const auto noted = co_await updater_.note_request(key, std::move(*request));
    if (noted.has_error()) co_return;
    const auto emsp = (*session)->seen.fields.cdr_token->emsp();
    const auto answered = co_await parts_.forwarder->forward(
        key.owner(), emsp, (*session)->key.id.str(), preferences, std::string());
    bool is_refused = false;
    if (answered.has_value()) {
        is_refused = answered->response != "ACCEPTED";
    } else {
        const auto code = answered.error().code();
        is_refused = code == errc::not_found || code == errc::invalid;
        // No such partner, or none that answers: at the next quarter-hour it is asked again.
        if (!is_refused) co_return;
    }
    (void)co_await updater_.note_answer(key, is_refused);
}

std::shared_ptr<background> managed_session_service::find_background()
{
    const std::lock_guard lock(mutex_);
    return background_;
}

void managed_session_service::send_preferences(const crud::object_key& key)
{
    if (!parts_.forwarder || updater_.is_own(key)) return;
    if (const auto at_work = find_background()) at_work->send_preferences(key);
}

}  // namespace ocpi::managed
