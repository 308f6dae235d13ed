#include "modules/managed/policy_events.hpp"

#include "crud/repository.hpp"
#include "modules/sessions/session_record.hpp"
#include "modules/sessions/settled_rank.hpp"
#include "modules/sessions/view_id.hpp"

#include <algorithm>
#include <iterator>
#include <unordered_set>
#include <utility>

namespace ocpi::managed {
namespace {

using boost::asio::awaitable;

crud::record to_record(const queued_change& change)
{
    crud::record record;
    record.document = crud::document(change.key, *change.json, date_time(), {});
    record.revision = change.revision;
    const auto id = sessions::view_id(change.key);
    if (change.has_settled) record.document.sort_key = sessions::settled_rank(change.at, id);
    return record;
}

}  // namespace

policy_events::policy_events(std::shared_ptr<Crud> crud, std::shared_ptr<const clock> time,
                             snapshot_reader& reader, update_handler on_update)
    : time_(std::move(time)),
      reader_(reader),
      on_update_(std::move(on_update)),
      policies_(crud),
      records_(crud),
      processor_(policies_, records_, reader)
{
}

bool policy_events::post(const sessions::session_change& change)
{
    queued_change queued;
    queued.key = change.key;
    queued.at = time_->now();
    queued.revision = change.revision;
    queued.json = change.json;
    queued.has_settled = change.has_settled;
    return post(change.contract, queued);
}

bool policy_events::post(const crud::record& session)
{
    queued_change queued;
    queued.key = session.document.key;
    queued.at = time_->now();
    queued.revision = session.revision;
    queued.has_settled = sessions::is_settled_rank(session.document.sort_key);
    return post(session.document.contract, queued);
}

bool policy_events::post(const std::optional<ci_string>& contract, const queued_change& change)
{
    if (!contract) return false;
    const auto ids = policies_.known_ids(*contract);
    for (const auto& id : ids) changes_.post(id, change);
    return !ids.empty();
}

bool policy_events::post_foreign(const sessions::foreign_change& change)
{
    if (!change.contract) return false;
    queued_change queued;
    queued.key = change.key;
    queued.at = time_->now();
    queued.revision = change.revision;
    queued.has_settled = change.has_settled;
    const std::lock_guard lock(mutex_);
    if (foreign_.size() >= max_foreign) return true;
    foreign_.emplace_back(*change.contract, std::move(queued));
    return true;
}

/// A policy may be newer than this process knows, but it is older than the change.
awaitable<result<void>> policy_events::take_foreign()
{
    std::vector<foreign_entry> taken;
    {
        const std::lock_guard lock(mutex_);
        taken.swap(foreign_);
    }
    if (taken.empty()) co_return result<void>();
    auto refreshed = co_await policies_.refresh(policy_store::no_age);
    if (refreshed.has_error()) {
        const std::lock_guard lock(mutex_);
        foreign_.insert(foreign_.begin(), std::make_move_iterator(taken.begin()),
                        std::make_move_iterator(taken.end()));
        co_return refreshed;
    }
    for (const auto& each : taken) post(each.contract, each.change);
    co_return result<void>();
}

void policy_events::post_prices(const party& owner)
{
    prices_.post(owner, time_->now());
}

/// Caps a time of change at now: a clock that was set back would put it in the future.
date_time policy_events::not_after_now(date_time at) const
{
    return std::min(at, time_->now());
}

awaitable<result<void>> policy_events::drain(std::string policy_id)
{
    moved_sessions moved;
    result<void> drained;
    {
        const auto turn = co_await turns_.take(policy_id);
        drained = co_await drain_locked(policy_id, moved);
    }
    for (const auto& [session, at] : moved) {
        const auto followed = co_await follow(session, at);
        if (followed.has_error()) drained = followed.error();
    }
    co_return drained;
}

/// `moved`: sessions that another policy manages which does not have their contract any more.
awaitable<result<void>> policy_events::drain_locked(const std::string& policy_id,
                                                    moved_sessions& moved)
{
    std::unordered_set<crud::object_key> failed;
    std::vector<queued_change> left;
    result<void> drained;
    for (auto& change : changes_.take(policy_id)) {
        if (failed.contains(change.key)) {
            left.push_back(std::move(change));
            continue;
        }
        const auto read_change = co_await read(change);
        if (read_change.has_error()) {
            failed.insert(change.key);
            drained = read_change.error();
            left.push_back(std::move(change));
            continue;
        }
        const auto& session = *read_change;
        if (!session) continue;
        const auto at = not_after_now(change.at);
        policy_event of(policy_id, session_changed(), at, session);
        const auto state = co_await processor_.process(std::move(of));
        if (state.has_error()) {
            failed.insert(change.key);
            drained = state.error();
            left.push_back(std::move(change));
            continue;
        }
        if (state->session && !has_mailbox(state->session->rule.id, *session)) {
            moved.emplace_back(session, at);
        } else {
            on_update_(change.key);
        }
    }
    changes_.put_back(policy_id, std::move(left));
    co_return drained;
}

/// The session as it was changed, or as it is now; nullptr when it cannot be read.
awaitable<result<session_ptr>> policy_events::read(const queued_change& change)
{
    if (!change.json) co_return co_await reader_.find(change.key);
    co_return co_await reader_.read(to_record(change));
}

/// The session's changes are posted to that policy.
bool policy_events::has_mailbox(const std::string& policy_id, const session_snapshot& session) const
{
    const auto contract = sessions::contract_of(session.seen.fields);
    if (!contract) return false;
    const auto ids = policies_.known_ids(*contract);
    return std::find(ids.begin(), ids.end(), policy_id) != ids.end();
}

awaitable<result<void>> policy_events::follow(session_ptr session, date_time at)
{
    // A session that has left one policy may have come to another one.
    constexpr int max_policies = 2;
    for (int policies = 0; policies < max_policies; ++policies) {
        const auto matching = co_await policies_.matching(session->seen.fields);
        if (matching.has_error()) co_return matching.error();
        const auto record = co_await records_.find(session->key);
        if (record.has_error()) co_return record.error();
        const auto owner = *record ? std::optional((*record)->value.rule.id) : *matching;
        if (!owner) break;
        policy_event of(*owner, session_changed(), at, session);
        const auto turn = co_await turns_.take(*owner);
        const auto state = co_await processor_.process(std::move(of));
        if (state.has_error()) co_return state.error();
        if (*matching == owner) break;
    }
    co_return result<void>();
}

awaitable<result<void>> policy_events::adopt_latest(std::vector<ci_string> contracts)
{
    auto live = co_await reader_.list_live(std::move(contracts));
    if (live.has_error()) co_return live.error();
    co_return co_await adopt(std::move(*live));
}

awaitable<result<void>> policy_events::adopt(std::vector<session_ptr> live)
{
    for (const auto& session : live) {
        const auto followed = co_await follow(session, time_->now());
        if (followed.has_error()) co_return followed.error();
    }
    co_return result<void>();
}

awaitable<result<void>> policy_events::apply_to(session_ptr session, event what, date_time at)
{
    const auto record = co_await records_.find(session->key);
    if (record.has_error()) co_return record.error();
    if (!*record) co_return result<void>();
    policy_event of((*record)->value.rule.id, std::move(what), at, std::move(session));
    const auto turn = co_await turns_.take(of.policy_id);
    const auto state = co_await processor_.process(std::move(of));
    if (state.has_error()) co_return state.error();
    co_return result<void>();
}

awaitable<result<void>> policy_events::apply_prices(session_ptr session)
{
    const auto changed = prices_.pending_for(session->key.owner());
    if (!changed) co_return result<void>();
    const event what = prices_changed();
    co_return co_await apply_to(std::move(session), what, not_after_now(*changed));
}

awaitable<result<std::optional<managed_session>>> policy_events::record_of(session_ptr session)
{
    if (const auto contract = sessions::contract_of(session->seen.fields)) {
        const contract_scope own = std::vector<ci_string>{*contract};
        const auto ids = co_await policies_.ids(own);
        if (ids.has_error()) co_return ids.error();
        // If that fails for this very session, it fails once more below.
        for (const auto& id : *ids) (void)co_await drain(id);
    }
    const auto priced = co_await apply_prices(session);
    if (priced.has_error()) co_return priced.error();
    const auto matching = co_await policies_.matching(session->seen.fields);
    if (matching.has_error()) co_return matching.error();
    auto record = co_await records_.find(session->key);
    if (record.has_error()) co_return record.error();
    std::optional<managed_session> known;
    if (*record) known = std::move((*record)->value);
    const bool is_matching = known ? *matching == known->rule.id : matching->has_value();
    if (!is_outdated(known, *session, is_matching)) co_return known;
    const auto followed = co_await follow(session, time_->now());
    if (followed.has_error()) co_return followed.error();
    record = co_await records_.find(session->key);
    if (record.has_error()) co_return record.error();
    if (!*record) co_return std::optional<managed_session>();
    co_return std::optional<managed_session>(std::move((*record)->value));
}

awaitable<result<managed_state>> policy_events::apply_to_policy(std::string policy_id, event what,
                                                                date_time now,
                                                                contract_scope visible)
{
    policy_event of(std::move(policy_id), std::move(what), now);
    of.visible = std::move(visible);
    const auto turn = co_await turns_.take(of.policy_id);
    co_return co_await processor_.process(std::move(of));
}

awaitable<result<void>> policy_events::remove_policy(std::string policy_id)
{
    const auto turn = co_await turns_.take(policy_id);
    const auto under = co_await policies_.find(policy_id);
    if (under.has_error()) co_return under.error();
    const auto removed = co_await policies_.remove(policy_id);
    if (removed.has_error() || !under->current) co_return removed;
    // A session that another process has given to another policy meanwhile stays under that one.
    const auto release = [this, &policy_id, key = *under->current] {
        return records_.release(key, policy_id);
    };
    co_return co_await crud::retry_on_conflict(release);
}

}  // namespace ocpi::managed
