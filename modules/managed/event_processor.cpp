#include "modules/managed/event_processor.hpp"

#include "crud/repository.hpp"
#include "modules/sessions/session_record.hpp"

#include <utility>
#include <variant>

namespace ocpi::managed {
namespace {

using boost::asio::awaitable;

bool makes_plans(const event& what)
{
    return !std::holds_alternative<preferences_sent>(what) &&
           !std::holds_alternative<preferences_answered>(what);
}

}  // namespace

awaitable<result<managed_state>> event_processor::process(policy_event what)
{
    const auto once = [&] { return process_once(what); };
    co_return co_await crud::retry_on_conflict(once);
}

awaitable<result<managed_state>> event_processor::process_once(const policy_event& what)
{
    auto before = co_await load(what);
    if (before.has_error()) co_return before.error();
    const auto& record = before->state.session;
    if (record && record->rule.id != what.policy_id) co_return std::move(before->state);
    auto after = apply(before->state, what.what, before->inputs, what.now);
    const auto saved = co_await save(*before, after);
    if (saved.has_error()) co_return saved.error();
    co_return after;
}

awaitable<result<event_processor::loaded>> event_processor::load(const policy_event& what)
{
    loaded read;
    auto under = co_await policies_.find(what.policy_id);
    if (under.has_value()) {
        read.state.policy = std::move(*under);
    } else if (under.error().code() != errc::not_found || !what.session) {
        co_return under.error();
    }
    result<void> done;
    if (what.session) {
        read.inputs.session = what.session;
        done = co_await load_record(what.session->key, read);
    } else {
        done = co_await load_under_way(what.visible, read);
    }
    if (done.has_error()) co_return done.error();
    done = co_await load_inputs(what, read);
    if (done.has_error()) co_return done.error();
    co_return read;
}

awaitable<result<void>> event_processor::load_record(crud::object_key key, loaded& into)
{
    auto record = co_await records_.find(std::move(key));
    if (record.has_error()) co_return record.error();
    if (!*record) co_return result<void>();
    into.state.session = std::move((*record)->value);
    into.revision = (*record)->revision;
    co_return result<void>();
}

/// The policy's current session, unless it is over: it is charged no more, and what is set now is
/// for the next one.
awaitable<result<void>> event_processor::load_under_way(const contract_scope& visible, loaded& into)
{
    const auto current = into.state.policy->current;
    if (!current) co_return result<void>();
    auto session = co_await reader_.find(*current);
    if (session.has_error()) co_return session.error();
    const bool is_live = *session && sessions::is_live((*session)->seen) &&
                         is_in_scope(visible, sessions::contract_of((*session)->seen.fields));
    if (!is_live) co_return result<void>();
    const auto done = co_await load_record(*current, into);
    if (done.has_error()) co_return done.error();
    if (into.state.session && into.state.session->is_settled) into.state.session.reset();
    if (into.state.session) into.inputs.session = std::move(*session);
    co_return result<void>();
}

awaitable<result<void>> event_processor::load_inputs(const policy_event& what, loaded& into)
{
    auto& [state, inputs, revision] = into;
    if (!inputs.session || !makes_plans(what.what)) co_return result<void>();
    const auto& session = *inputs.session;
    const auto* const replaced = std::get_if<rule_replaced>(&what.what);
    const bool is_change = std::holds_alternative<session_changed>(what.what);
    if (is_change || replaced) {
        const auto matching = co_await policies_.matching(session.seen.fields);
        if (matching.has_error()) co_return matching.error();
        inputs.is_matching = *matching == what.policy_id &&
                             (!replaced || covers(replaced->rule, session.seen.fields));
    }
    if (is_change) {
        if (!is_outdated(state.session, session, inputs.is_matching)) co_return result<void>();
        const auto newest = co_await is_newest(into);
        if (newest.has_error()) co_return newest.error();
        inputs.is_newest = *newest;
        inputs.preferences_unsupported = co_await reader_.preferences_unsupported(session);
    }
    const policy* rule = nullptr;
    if (state.policy) rule = &state.policy->rule;
    if (state.session) rule = &state.session->rule;
    if (replaced) rule = &replaced->rule;
    if (rule) inputs.prices = co_await reader_.prices_for(*rule, session);
    co_return result<void>();
}

awaitable<result<bool>> event_processor::is_newest(const loaded& among)
{
    const auto& session = *among.inputs.session;
    const auto& under = among.state.policy;
    const bool is_other = under && under->current && under->current != session.key;
    if (!is_other) co_return true;
    const auto other = co_await reader_.find(*under->current);
    if (other.has_error()) co_return other.error();
    co_return !*other ||
        (*other)->seen.fields.start_date_time <= session.seen.fields.start_date_time;
}

awaitable<result<void>> event_processor::save(const loaded& before, const managed_state& after)
{
    auto base = before.revision;
    auto is_saved = !after.is_session_changed;
    if (after.is_session_changed && after.is_policy_changed && after.session) {
        // The record names the Session's new revision only once the policy is saved as well: if
        // that fails, the change is applied again.
        const auto& earlier = before.state.session;
        auto session = *after.session;
        session.session_revision = earlier ? earlier->session_revision : 0;
        session.is_settled = earlier && earlier->is_settled;
        const auto saved = co_await records_.save(before.inputs.session->key, session, base);
        if (saved.has_error()) co_return saved.error();
        base = *saved;
        is_saved = session.session_revision == after.session->session_revision &&
                   session.is_settled == after.session->is_settled;
    }
    if (after.is_policy_changed) {
        auto under = *after.policy;
        const auto saved = co_await policies_.save(under);
        if (saved.has_error()) co_return saved.error();
    }
    if (is_saved) co_return result<void>();
    const auto& key = before.inputs.session->key;
    if (!after.session) {
        if (!base) co_return result<void>();
        co_return co_await records_.remove(key, *base);
    }
    const auto saved = co_await records_.save(key, *after.session, base);
    if (saved.has_error()) co_return saved.error();
    co_return result<void>();
}

}  // namespace ocpi::managed
