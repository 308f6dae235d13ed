#include "modules/managed/transition.hpp"

#include "modules/managed/preferences_target.hpp"
#include "modules/managed/progress.hpp"
#include "modules/sessions/charging_preferences.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace ocpi::managed {
namespace {

/// Requests to the CPO that are remembered: it may return the last few as the session's
/// charging_preferences.
constexpr std::size_t max_requests = 4;

bool is_same_wish(const sessions::charging_preferences& a, const sessions::charging_preferences& b)
{
    return a.profile == b.profile && a.departure_time == b.departure_time &&
           a.energy_need == b.energy_need;
}

/// A driver's accepted charging preferences act as an override; those that this server has sent do
/// not.
void apply_charging_preferences(managed_session& managed, const session_snapshot& session,
                                date_time now)
{
    if (session.preferences == managed.preferences_seen) return;
    managed.preferences_seen = session.preferences;
    if (session.preferences.empty()) return;
    constexpr auto tolerant = sessions::strictness::tolerant;
    const auto wished = sessions::read_charging_preferences(session.preferences, tolerant);
    if (wished.has_error()) return;
    for (const auto& request : managed.requests) {
        const auto sent = sessions::read_charging_preferences(request.preferences, tolerant);
        if (sent.has_value() && is_same_wish(*sent, *wished)) return;
    }
    const charging_history history(session.seen, managed, now);
    const auto level = history.battery.level_at(history.energy.until());
    const auto scheduled = target_of(target_entry{}, managed.rule, now);
    const auto wanted = to_target(*wished, managed.rule, level, scheduled);
    if (wanted) begin_override(managed.targets, *wanted, now);
}

/// The record of a session that begins under a policy. Targets set for the next session become its
/// own, unless this is a late report of a session that was over before they were set.
managed_session begin(const stored_policy& under, const session_snapshot& session, bool is_latest)
{
    managed_session managed;
    managed.rule = rule_for(under.rule, session.seen.fields);
    const auto start = *session.seen.fields.start_date_time;
    auto log = under.upcoming;
    expire_unused(log, start);
    const bool was_over =
        session.settled_at && !log.empty() && *session.settled_at < log.back().since;
    if (is_latest && !was_over) managed.targets = std::move(log);
    if (managed.targets.empty()) {
        target_entry first;
        first.since = start;
        managed.targets.push_back(first);
    }
    return managed;
}

/// Clears the targets for the next session if this session has adopted them. True if it did.
bool clear_adopted_targets(target_history& upcoming, const target_history& targets)
{
    // Not the reserve: the policy may have changed it since.
    const auto is_same = [](const target_entry& a, const target_entry& b) {
        return a.id == b.id && a.since == b.since && a.user_override == b.user_override;
    };
    const bool is_adopted = !upcoming.empty() && upcoming.size() <= targets.size() &&
                            std::equal(upcoming.begin(), upcoming.end(), targets.begin(), is_same);
    if (is_adopted) upcoming.clear();
    return is_adopted;
}

/// One event at one instant. Each function takes the state to the next one.
class step {
public:
    step(managed_state& state, const event_inputs& known, date_time now)
        : state_(state), known_(known), now_(now)
    {
    }

    void operator()(const session_changed&)
    {
        const auto& session = *known_.session;
        if (!is_outdated(state_.session, session, known_.is_matching)) return;
        if (state_.session && state_.session->is_settled) return update_settled(session);
        if (!known_.is_matching) return release(session);
        if (!state_.policy) return;
        if (state_.session) {
            if (session.seen.fields.status == sessions::session_status::invalid) {
                return release(session);
            }
        } else {
            // A session that settled before there was this policy stays without one.
            const bool is_older =
                session.settled_at && session.revision < state_.policy->rule_revision;
            if (is_older || !sessions::has_begun(session.seen)) return;
        }
        follow(session);
    }

    void operator()(const prices_changed&)
    {
        if (!is_up_to_date() || state_.session->is_settled || !state_.session->planned_at) return;
        auto& managed = *state_.session;
        const auto before = managed;
        const auto instant = std::max(now_, *managed.planned_at);
        advance(managed, known_.session->seen, known_.prices, instant);
        replan(managed, known_.session->seen, known_.prices, instant);
        state_.is_session_changed =
            managed.planned_at != before.planned_at || managed.planned != before.planned ||
            managed.targets != before.targets || managed.estimate != before.estimate;
    }

    void operator()(const quarter_hour&)
    {
        if (!is_up_to_date()) return;
        const auto planned_at = state_.session->planned_at;
        advance(*state_.session, known_.session->seen, known_.prices, now_);
        state_.is_session_changed = state_.session->planned_at != planned_at;
    }

    void operator()(const target_set& set)
    {
        const auto change = [&](target_history& log) {
            if (set.wanted) {
                begin_override(log, *set.wanted, now_);
            } else {
                end_override(log, now_);
            }
        };
        if (state_.session) return change_under_way([&] { change(state_.session->targets); });
        change_upcoming(change);
    }

    void operator()(const rule_replaced& replaced)
    {
        auto& under = *state_.policy;
        const auto before = std::exchange(under.rule, replaced.rule);
        under.rule_revision = under.revision.value_or(0);
        state_.is_policy_changed = true;
        if (!state_.session) {
            return change_upcoming(
                [&](target_history& log) { change_policy(log, before, replaced.rule, now_); });
        }
        expire_unused(under.upcoming, now_);
        if (!known_.is_matching) return release(*known_.session);
        change_under_way([&] {
            auto& managed = *state_.session;
            change_policy(managed.targets, managed.rule, replaced.rule, now_);
            managed.rule = rule_for(replaced.rule, known_.session->seen.fields);
        });
    }

    void operator()(const preferences_sent& sent)
    {
        if (!state_.session) return;
        auto& requests = state_.session->requests;
        if (!requests.empty() && requests.back().preferences == sent.request.preferences) {
            requests.pop_back();
        }
        if (requests.size() == max_requests) requests.erase(requests.begin());
        requests.push_back(sent.request);
        state_.is_session_changed = true;
    }

    void operator()(const preferences_answered& answered)
    {
        if (!state_.session || state_.session->requests.empty()) return;
        state_.session->requests.back().is_answered = true;
        state_.session->preferences_unsupported = answered.is_refused;
        state_.is_session_changed = true;
    }

private:
    /// Otherwise a session_changed follows, which makes a plan as well.
    bool is_up_to_date() const
    {
        return state_.session && state_.session->session_revision == known_.session->revision;
    }

    /// Late reports may change the result of a session that has settled.
    void update_settled(const session_snapshot& session)
    {
        auto& managed = *state_.session;
        managed.session_revision = session.revision;
        if (session.settled_at) {
            replan(managed, session.seen, known_.prices, *session.settled_at);
        }
        state_.is_session_changed = true;
    }

    void follow(const session_snapshot& session)
    {
        auto& under = *state_.policy;
        const auto start = *session.seen.fields.start_date_time;
        const bool is_latest =
            known_.is_newest && (!under.last_session_start || *under.last_session_start <= start);
        if (!state_.session) state_.session = begin(under, session, is_latest);
        auto& managed = *state_.session;
        state_.is_policy_changed = clear_adopted_targets(under.upcoming, managed.targets);

        const auto instant = session.settled_at.value_or(now_);
        advance(managed, session.seen, known_.prices, instant);
        apply_charging_preferences(managed, session, instant);
        if (known_.preferences_unsupported) {
            managed.preferences_unsupported = *known_.preferences_unsupported;
        }
        replan(managed, session.seen, known_.prices, instant);
        managed.session_revision = session.revision;
        managed.is_settled = session.settled_at.has_value();
        state_.is_session_changed = true;
        update_current(session, is_latest, std::min({start, instant, now_}));
    }

    /// Which session is the policy's current one. A session that only awaits its final reading is
    /// replaced by one that has begun since. `begun`: its start, or the present if that is in the
    /// future, so that it does not affect earlier sessions.
    void update_current(const session_snapshot& session, bool is_latest, date_time begun)
    {
        auto& under = *state_.policy;
        const bool may_be_current = known_.is_newest && !state_.session->is_settled &&
                                    (is_latest || sessions::is_live(session.seen));
        if (may_be_current != (under.current == session.key)) {
            under.current.reset();
            if (may_be_current) under.current = session.key;
            state_.is_policy_changed = true;
        }
        if (is_latest && under.last_session_start != begun) {
            under.last_session_start = begun;
            state_.is_policy_changed = true;
        }
    }

    /// The session is not managed any more. The user's target moves on to the next session.
    void release(const session_snapshot& session)
    {
        if (state_.policy && state_.policy->current == session.key) {
            auto& under = *state_.policy;
            under.current.reset();
            under.last_session_start.reset();
            const auto& log = state_.session->targets;
            if (!log.empty() && log.back().user_override) {
                under.upcoming = log;
                keep_latest(under.upcoming);
            }
            state_.is_policy_changed = true;
        }
        state_.session.reset();
        state_.is_session_changed = true;
    }

    template <class Change>
    void change_under_way(const Change& change)
    {
        auto& managed = *state_.session;
        advance(managed, known_.session->seen, known_.prices, now_);
        change();
        replan(managed, known_.session->seen, known_.prices, now_);
        state_.is_session_changed = true;
    }

    template <class Change>
    void change_upcoming(const Change& change)
    {
        auto& upcoming = state_.policy->upcoming;
        expire_unused(upcoming, now_);
        change(upcoming);
        keep_latest(upcoming);
        state_.is_policy_changed = true;
    }

    managed_state& state_;
    const event_inputs& known_;
    const date_time now_;
};

}  // namespace

bool is_outdated(const std::optional<managed_session>& record, const session_snapshot& session,
                 bool is_matching)
{
    if (!record) return is_matching;
    const bool has_left = !record->is_settled && !is_matching;
    return has_left || record->session_revision < session.revision;
}

managed_state apply(managed_state state, const event& what, const event_inputs& known,
                    date_time now)
{
    state.is_policy_changed = false;
    state.is_session_changed = false;
    std::visit(step(state, known, now), what);
    return state;
}

}  // namespace ocpi::managed
