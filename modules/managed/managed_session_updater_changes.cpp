// What users, operators and CPOs change: targets, policies, and what a CPO was asked for.

#include "modules/managed/managed_session_updater.hpp"

#include "crud/repository.hpp"
#include "modules/managed/progress.hpp"
#include "modules/managed/view.hpp"
#include "modules/sessions/session_record.hpp"

#include <cstddef>

namespace ocpi::managed {
namespace {

using boost::asio::awaitable;

/// What the CPO was asked for before the last few requests has come back, or never will.
constexpr std::size_t max_requests = 4;

}  // namespace

/// Nothing when there is none, and when it is over: it is charged no more, and what is set now is
/// for the next one.
awaitable<result<std::optional<managed_session_updater::session_under_way>>>
managed_session_updater::find_under_way(const stored_policy& under)
{
    if (!under.current) co_return std::optional<session_under_way>();
    auto record = co_await records_.find(*under.current);
    if (record.has_error()) co_return record.error();
    auto session = co_await find_session(*under.current);
    if (session.has_error()) co_return session.error();
    const bool goes_on = *record && !(*record)->session.is_settled && *session &&
                         sessions::is_live((*session)->seen);
    if (!goes_on) co_return std::optional<session_under_way>();
    session_under_way found(std::move(**record), std::move(**session));
    co_return std::optional<session_under_way>(std::move(found));
}

awaitable<result<managed_session_updater::changed_target>> managed_session_updater::change_target(
    std::string policy_id, std::optional<target> wanted, contract_scope visible, date_time now)
{
    const auto once = [&] { return change_target_once(policy_id, wanted, visible, now); };
    co_return co_await crud::retry_on_conflict(once);
}

awaitable<result<managed_session_updater::changed_target>>
managed_session_updater::change_target_once(const std::string& policy_id,
                                            const std::optional<target>& wanted,
                                            const contract_scope& visible, date_time now)
{
    const auto turn = co_await turns_.take(policy_id);
    auto under = co_await policies_.find(policy_id);
    if (under.has_error()) co_return under.error();
    const auto change = [&](target_history& log) {
        if (wanted) {
            begin_override(log, *wanted, now);
        } else {
            end_override(log, now);
        }
    };
    changed_target changed;
    auto under_way = co_await find_under_way(*under);
    if (under_way.has_error()) co_return under_way.error();
    if (*under_way &&
        is_in_scope(visible, sessions::contract_of((*under_way)->session.seen.fields))) {
        auto& [record, session] = **under_way;
        auto& managed = record.session;
        const auto prices = co_await prices_for(managed.rule, session);
        advance(managed, session.seen, prices, now);
        change(managed.targets);
        replan(managed, session.seen, prices, now);
        const auto saved = co_await records_.save(session.key, record);
        if (saved.has_error()) co_return saved.error();
        changed.json = write_target(managed.rule, managed.targets, now);
        changed.session = session.key;
        co_return changed;
    }
    expire_unused(under->upcoming, now);
    change(under->upcoming);
    keep_latest(under->upcoming);
    const auto saved = co_await policies_.save(*under);
    if (saved.has_error()) co_return saved.error();
    changed.json = write_target(under->rule, under->upcoming, now);
    co_return changed;
}

awaitable<result<void>> managed_session_updater::create_policy(policy rule)
{
    stored_policy created;
    created.rule = std::move(rule);
    co_return co_await policies_.save(created);
}

awaitable<result<void>> managed_session_updater::replace_policy(policy rule, date_time now)
{
    const auto once = [&] { return replace_policy_once(rule, now); };
    co_return co_await crud::retry_on_conflict(once);
}

awaitable<result<void>> managed_session_updater::replace_policy_once(const policy& rule,
                                                                     date_time now)
{
    const auto turn = co_await turns_.take(rule.id);
    auto under = co_await policies_.find(rule.id);
    if (under.has_error()) co_return under.error();
    const auto before = under->rule;
    under->rule = rule;
    under->rule_revision = under->revision.value_or(0);
    expire_unused(under->upcoming, now);
    auto under_way = co_await find_under_way(*under);
    if (under_way.has_error()) co_return under_way.error();
    if (!*under_way) {
        change_policy(under->upcoming, before, rule, now);
        keep_latest(under->upcoming);
        co_return co_await policies_.save(*under);
    }
    const auto saved = co_await policies_.save(*under);
    if (saved.has_error()) co_return saved.error();
    auto& [record, session] = **under_way;
    const auto matching = co_await policies_.matching(session.seen.fields);
    if (matching.has_error()) co_return matching.error();
    if (*matching != rule.id) {
        co_return co_await release_session(std::move(*under), std::move(record), session);
    }
    auto& managed = record.session;
    const auto prices = co_await prices_for(rule, session);
    advance(managed, session.seen, prices, now);
    change_policy(managed.targets, before, rule, now);
    managed.rule = rule_for(rule, session.seen.fields);
    replan(managed, session.seen, prices, now);
    co_return co_await records_.save(session.key, record);
}

awaitable<result<void>> managed_session_updater::remove_policy(std::string id)
{
    const auto turn = co_await turns_.take(id);
    const auto under = co_await policies_.find(id);
    if (under.has_error()) co_return under.error();
    const auto removed = co_await policies_.remove(id);
    if (removed.has_error() || !under->current) co_return removed;
    co_return co_await records_.remove(*under->current);
}

awaitable<result<void>> managed_session_updater::note_request(crud::object_key key,
                                                              control_request request)
{
    const auto once = [&] { return note_request_once(key, request); };
    co_return co_await crud::retry_on_conflict(once);
}

awaitable<result<void>> managed_session_updater::note_request_once(const crud::object_key& key,
                                                                   const control_request& request)
{
    auto held = co_await hold(key);
    if (held.has_error()) co_return held.error();
    if (!*held) co_return result<void>();
    auto& requests = (*held)->record.session.requests;
    if (!requests.empty() && requests.back().preferences == request.preferences) {
        requests.pop_back();
    }
    if (requests.size() == max_requests) requests.erase(requests.begin());
    requests.push_back(request);
    co_return co_await records_.save(key, (*held)->record);
}

awaitable<result<void>> managed_session_updater::note_answer(crud::object_key key, bool is_refused)
{
    const auto once = [&] { return note_answer_once(key, is_refused); };
    co_return co_await crud::retry_on_conflict(once);
}

awaitable<result<void>> managed_session_updater::note_answer_once(const crud::object_key& key,
                                                                  bool is_refused)
{
    auto held = co_await hold(key);
    if (held.has_error()) co_return held.error();
    if (!*held || (*held)->record.session.requests.empty()) co_return result<void>();
    auto& managed = (*held)->record.session;
    managed.requests.back().is_answered = true;
    managed.preferences_unsupported = is_refused;
    co_return co_await records_.save(key, (*held)->record);
}

}  // namespace ocpi::managed
