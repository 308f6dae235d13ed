// How sessions are followed: what a change of one, a quarter-hour and new prices do.

#include "modules/managed/managed_session_updater.hpp"

#include "crud/repository.hpp"
#include "modules/managed/preferences_target.hpp"
#include "modules/managed/progress.hpp"
#include "modules/sessions/charging_preferences.hpp"
#include "modules/sessions/session_evse.hpp"

#include <algorithm>

namespace ocpi::managed {
namespace {

using boost::asio::awaitable;

bool is_same(const std::optional<crud::object_key>& a, const crud::object_key& b)
{
    return a && a->folded() == b.folded();
}

/// A driver's charging preferences that were accepted act as an override; those that we have asked
/// for ourselves do not.
void apply_charging_preferences(managed_session& session, const session_snapshot& looked,
                                date_time now)
{
    if (looked.preferences == session.preferences_seen) return;
    session.preferences_seen = looked.preferences;
    if (looked.preferences.empty()) return;
    const auto wished =
        sessions::read_charging_preferences(looked.preferences, sessions::strictness::tolerant);
    if (wished.has_error()) return;
    for (const auto& request : session.requests) {
        const auto ours = sessions::read_charging_preferences(request.preferences,
                                                              sessions::strictness::tolerant);
        const bool is_ours = ours.has_value() && ours->profile == wished->profile &&
                             ours->departure_time == wished->departure_time &&
                             ours->energy_need == wished->energy_need;
        if (is_ours) return;
    }
    const charging_history reading(looked.seen, session, now);
    const auto level = reading.battery.level_at(reading.energy.until());
    const auto scheduled = target_of(target_entry{}, session.rule, now);
    const auto wanted = to_target(*wished, session.rule, level, scheduled);
    if (wanted) begin_override(session.targets, *wanted, now);
}

/// A session begins under a policy. What was set for the next session becomes its own, unless it
/// is a late report of one that was over before that was set.
void begin(const stored_policy& under, managed_session& session, const session_snapshot& looked,
           bool is_latest)
{
    session.rule = rule_for(under.rule, looked.seen.fields);
    const auto start = *looked.seen.fields.start_date_time;
    auto log = under.upcoming;
    expire_unused(log, start);
    const bool was_over =
        looked.settled_at && !log.empty() && *looked.settled_at < log.back().since;
    if (is_latest && !was_over) session.targets = std::move(log);
    if (session.targets.empty()) {
        target_entry first;
        first.since = start;
        session.targets.push_back(first);
    }
}

/// What was set for the next session is that session's now. True when it was not so before.
bool clear_adopted_targets(target_history& upcoming, const target_history& targets)
{
    // The policy may have changed its reserve since.
    const auto is_same = [](const target_entry& a, const target_entry& b) {
        return a.id == b.id && a.since == b.since && a.user_override == b.user_override;
    };
    const bool is_taken = !upcoming.empty() && upcoming.size() <= targets.size() &&
                          std::equal(upcoming.begin(), upcoming.end(), targets.begin(), is_same);
    if (is_taken) upcoming.clear();
    return is_taken;
}

}  // namespace

managed_session_updater::managed_session_updater(updater_dependencies parts)
    : parts_(std::move(parts)),
      sessions_(parts_.crud),
      policies_(parts_.crud),
      records_(parts_.crud)
{
}

awaitable<result<void>> managed_session_updater::apply_change(session_snapshot session,
                                                              date_time at)
{
    const auto once = [&] { return take_change_once(session, at); };
    co_return co_await crud::retry_on_conflict(once);
}

awaitable<result<void>> managed_session_updater::take_change_once(const session_snapshot& session,
                                                                  date_time at)
{
    const auto matching = co_await policies_.matching(session.seen.fields);
    if (matching.has_error()) co_return matching.error();
    const auto before = co_await records_.find(session.key);
    if (before.has_error()) co_return before.error();
    auto policy_id = *matching;
    if (*before) policy_id = (*before)->session.rule.id;
    if (!policy_id) co_return result<void>();

    const auto turn = co_await turns_.take(*policy_id);
    auto found = co_await records_.find(session.key);
    if (found.has_error()) co_return found.error();
    const bool is_settled = *found && (*found)->session.is_settled;
    const bool no_longer_matches = *found && !is_settled && *matching != policy_id;
    const bool is_known = *found && (*found)->session.session_revision >= session.revision;
    if (is_known && !no_longer_matches) co_return result<void>();
    if (is_settled) {
        co_return co_await follow_settled(std::move(**found), session);
    }
    auto under = co_await policies_.find(*policy_id);
    const bool is_gone = under.has_error() && under.error().code() == errc::not_found;
    if (under.has_error() && !is_gone) co_return under.error();
    if (no_longer_matches) {
        if (!is_gone) {
            co_return co_await release_session(std::move(*under), std::move(**found), session);
        }
        co_return co_await records_.remove(session.key);
    }
    if (is_gone) co_return result<void>();
    // What had settled before the policy was there stays as it was.
    if (!*found && session.settled_at && session.revision < under->rule_revision) {
        co_return result<void>();
    }
    stored_session record;
    if (*found) record = std::move(**found);
    co_return co_await follow(std::move(*under), std::move(record), session, at);
}

/// What still comes after the end may change what the session has come to.
awaitable<result<void>> managed_session_updater::follow_settled(stored_session record,
                                                                const session_snapshot& session)
{
    const auto prices = co_await prices_for(record.session.rule, session);
    record.session.session_revision = session.revision;
    if (session.settled_at) replan(record.session, session.seen, prices, *session.settled_at);
    co_return co_await records_.save(session.key, record);
}

awaitable<result<void>> managed_session_updater::follow(stored_policy under, stored_session record,
                                                        const session_snapshot& session,
                                                        date_time at)
{
    const bool is_new = !record.revision;
    if (is_new && !has_begun(session.seen)) co_return result<void>();
    if (session.seen.fields.status == sessions::session_status::invalid) {
        co_return co_await release_session(std::move(under), std::move(record), session);
    }
    const auto newest = co_await is_newest(under, session);
    if (newest.has_error()) co_return newest.error();
    const auto start = *session.seen.fields.start_date_time;
    const bool is_latest =
        *newest && (!under.last_session_start || *under.last_session_start <= start);
    auto& managed = record.session;
    if (is_new) begin(under, managed, session, is_latest);
    bool policy_changes = clear_adopted_targets(under.upcoming, managed.targets);

    const auto prices = co_await prices_for(managed.rule, session);
    const auto moment = session.settled_at.value_or(at);
    advance(managed, session.seen, prices, moment);
    apply_charging_preferences(managed, session, moment);
    if (is_own(session.key)) managed.preferences_unsupported = co_await lacks_control(session);
    replan(managed, session.seen, prices, moment);
    const bool is_settled = session.settled_at.has_value();

    // One that is over but for its final reading makes way for those that have begun since.
    const bool may_be_current =
        *newest && !is_settled && (is_latest || sessions::is_live(session.seen));
    const bool is_current = is_same(under.current, session.key);
    if (may_be_current != is_current) {
        under.current.reset();
        if (may_be_current) under.current = session.key;
        policy_changes = true;
    }
    // A start in the future does not affect earlier sessions.
    if (const auto begun = std::min({start, moment, at});
        is_latest && under.last_session_start != begun) {
        under.last_session_start = begun;
        policy_changes = true;
    }
    if (policy_changes) {
        // The revision is known only once the policy is right, too: if that fails, this is done
        // again.
        const auto begun = co_await records_.save(session.key, record);
        if (begun.has_error()) co_return begun.error();
        const auto saved = co_await policies_.save(under);
        if (saved.has_error()) co_return saved.error();
    }
    managed.session_revision = session.revision;
    managed.is_settled = is_settled;
    co_return co_await records_.save(session.key, record);
}

/// The session is not managed any more, and what the user has set is for the next one again.
awaitable<result<void>> managed_session_updater::release_session(stored_policy under,
                                                                 stored_session record,
                                                                 const session_snapshot& session)
{
    if (is_same(under.current, session.key)) {
        under.current.reset();
        under.last_session_start.reset();
        const auto& log = record.session.targets;
        if (!log.empty() && log.back().user_override) {
            under.upcoming = log;
            keep_latest(under.upcoming);
        }
        const auto saved = co_await policies_.save(under);
        if (saved.has_error()) co_return saved.error();
    }
    co_return co_await records_.remove(session.key);
}

awaitable<result<bool>> managed_session_updater::is_newest(const stored_policy& under,
                                                           const session_snapshot& session)
{
    if (!under.current || is_same(under.current, session.key)) co_return true;
    const auto other = co_await find_session(*under.current);
    if (other.has_error()) co_return other.error();
    if (!*other) co_return true;
    co_return *(*other)->seen.fields.start_date_time <= *session.seen.fields.start_date_time;
}

/// True when one of our own EVSEs is known not to take charging preferences.
awaitable<bool> managed_session_updater::lacks_control(const session_snapshot& session)
{
    const auto where =
        co_await sessions::find_evse(parts_.evses, session.key.owner(), session.seen.fields);
    co_return where && !sessions::takes_charging_preferences(*where);
}

/// A managed session, while its policy's turn is held; std::nullopt when it is not managed.
awaitable<result<std::optional<managed_session_updater::held_session>>>
managed_session_updater::hold(crud::object_key key)
{
    const auto before = co_await records_.find(key);
    if (before.has_error()) co_return before.error();
    if (!*before) co_return std::optional<held_session>();
    auto turn = co_await turns_.take((*before)->session.rule.id);
    auto found = co_await records_.find(key);
    if (found.has_error()) co_return found.error();
    if (!*found) co_return std::optional<held_session>();
    held_session held(std::move(turn), std::move(**found));
    co_return std::optional<held_session>(std::move(held));
}

awaitable<result<void>> managed_session_updater::keep_quarter_hours(session_snapshot session,
                                                                    date_time now)
{
    auto held = co_await hold(session.key);
    if (held.has_error()) co_return held.error();
    if (!*held) co_return result<void>();
    auto& managed = (*held)->record.session;
    if (managed.session_revision != session.revision) co_return result<void>();
    const auto planned_at = managed.planned_at;
    const auto prices = co_await prices_for(managed.rule, session);
    advance(managed, session.seen, prices, now);
    if (managed.planned_at == planned_at) co_return result<void>();
    co_return co_await records_.save(session.key, (*held)->record);
}

awaitable<result<void>> managed_session_updater::take_prices(session_snapshot session, date_time at)
{
    const auto once = [&] { return take_prices_once(session, at); };
    co_return co_await crud::retry_on_conflict(once);
}

awaitable<result<void>> managed_session_updater::take_prices_once(const session_snapshot& session,
                                                                  date_time at)
{
    auto held = co_await hold(session.key);
    if (held.has_error()) co_return held.error();
    if (!*held) co_return result<void>();
    auto& managed = (*held)->record.session;
    // Another change of the session, applied or pending, brings its own plan.
    if (managed.session_revision != session.revision) co_return result<void>();
    if (managed.is_settled || !managed.planned_at) co_return result<void>();
    const auto moment = std::max(at, *managed.planned_at);
    const auto prices = co_await prices_for(managed.rule, session);
    advance(managed, session.seen, prices, moment);
    replan(managed, session.seen, prices, moment);
    co_return co_await records_.save(session.key, (*held)->record);
}

awaitable<result<std::optional<session_snapshot>>> managed_session_updater::find_session(
    crud::object_key key)
{
    const auto record = co_await sessions_.get(crud::interface_side::sender, std::move(key));
    if (record.has_value()) {
        auto looked = co_await look(*record);
        co_return looked;
    }
    if (record.error().code() == errc::not_found) co_return std::optional<session_snapshot>();
    co_return record.error();
}

awaitable<std::optional<session_snapshot>> managed_session_updater::look(const crud::record& record)
{
    auto session = read_snapshot(record);
    if (session)
        co_await sessions::heed_max_power(parts_.evses, session->key.owner(), session->seen);
    co_return session;
}

/// Where prices cannot be had, all times of day cost the same: a plan is needed all the same.
awaitable<price_curve> managed_session_updater::prices_for(const policy& rule,
                                                           const session_snapshot& session)
{
    auto prices =
        co_await parts_.prices->prices_for(session.seen.fields, session.profile, rule.timezone);
    if (prices.has_value()) co_return std::move(*prices);
    co_return flat_prices();
}

bool managed_session_updater::is_own(const crud::object_key& key) const
{
    const auto& own = parts_.own_cpo_parties;
    return std::find(own.begin(), own.end(), key.owner()) != own.end();
}

}  // namespace ocpi::managed
