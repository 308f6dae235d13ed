// What is shown of sessions that a policy manages, and of those that none does.

#include "modules/managed/managed_session_service.hpp"

#include "modules/managed/view.hpp"
#include "modules/sessions/session_record.hpp"
#include "modules/sessions/view_id.hpp"

#include <utility>

namespace ocpi::managed {
namespace {

using boost::asio::awaitable;

error no_such_session()
{
    return error(errc::not_found, "there is no such session");
}

}  // namespace

awaitable<result<std::string>> managed_session_service::current_session(std::string policy_id,
                                                                        contract_scope visible)
{
    auto under = co_await policies().find(policy_id);
    if (under.has_error()) co_return under.error();
    const auto pending = co_await work_on_all(under->rule.contract_ids);
    if (pending.has_error()) co_return pending.error();
    under = co_await policies().find(policy_id);
    if (under.has_error()) co_return under.error();
    auto under_way = co_await view_under_way(*under, visible);
    if (under_way.has_error()) co_return under_way.error();
    if (*under_way) co_return std::move(**under_way);

    const auto live = co_await live_sessions(under->rule.contract_ids);
    if (live.has_error()) co_return live.error();
    if (!under->current) {
        const auto adopted = co_await adopt(*live);
        if (adopted.has_error()) co_return adopted.error();
        under = co_await policies().find(policy_id);
        if (under.has_error()) co_return under.error();
        under_way = co_await view_under_way(*under, visible);
        if (under_way.has_error()) co_return under_way.error();
        if (*under_way) co_return std::move(**under_way);
    }
    const auto awaited = co_await find_awaited(*live, under->rule.id, visible);
    if (awaited.has_error()) co_return awaited.error();
    const auto now = parts_.time->now();
    expire_unused(under->upcoming, now);
    co_return write_upcoming(*awaited, under->rule, under->upcoming, now);
}

/// Nothing when no session of the policy is under way, or none that may be seen.
awaitable<result<std::optional<std::string>>> managed_session_service::view_under_way(
    const stored_policy& under, const contract_scope& visible)
{
    if (!under.current) co_return std::optional<std::string>();
    const auto session = co_await updater_.find_session(*under.current);
    if (session.has_error()) co_return session.error();
    if (!*session || !is_in_scope(visible, sessions::contract_of((*session)->seen.fields))) {
        co_return std::optional<std::string>();
    }
    const auto managed = co_await up_to_date(**session);
    if (managed.has_error()) co_return managed.error();
    if (!*managed || (*managed)->is_settled) co_return std::optional<std::string>();
    co_return write_managed(sessions::view_id((*session)->key), **managed, (*session)->seen,
                            parts_.time->now());
}

/// The id of the policy's session that exists and has not begun, the last to begin of several;
/// std::nullopt when there is none, or none is visible.
awaitable<result<std::optional<std::string>>> managed_session_service::find_awaited(
    const std::vector<session_snapshot>& live, const std::string& policy_id,
    const contract_scope& visible)
{
    const session_snapshot* awaited = nullptr;
    for (const auto& session : live) {
        const auto& fields = session.seen.fields;
        if (has_begun(session.seen) || !is_in_scope(visible, sessions::contract_of(fields)))
            continue;
        if (awaited && fields.start_date_time <= awaited->seen.fields.start_date_time) continue;
        const auto matching = co_await policies().matching(fields);
        if (matching.has_error()) co_return matching.error();
        if (*matching == policy_id) awaited = &session;
    }
    if (!awaited) co_return std::optional<std::string>();
    co_return sessions::view_id(awaited->key);
}

/// The view of a session that has not begun.
awaitable<result<std::string>> managed_session_service::view_of_upcoming(
    const session_snapshot& session)
{
    const auto id = co_await policies().matching(session.seen.fields);
    if (id.has_error()) co_return id.error();
    if (!*id) co_return no_such_session();
    auto under = co_await policies().find(**id);
    if (under.has_error()) {
        if (under.error().code() == errc::not_found) co_return no_such_session();
        co_return under.error();
    }
    const auto now = parts_.time->now();
    expire_unused(under->upcoming, now);
    co_return write_upcoming(sessions::view_id(session.key), under->rule, under->upcoming, now);
}

awaitable<result<std::string>> managed_session_service::view(crud::record session)
{
    auto looked = co_await updater_.look(session);
    if (!looked || looked->seen.fields.status == sessions::session_status::invalid) {
        co_return no_such_session();
    }
    const auto managed = co_await up_to_date(*looked);
    if (managed.has_error()) co_return managed.error();
    const auto id = sessions::view_id(looked->key);
    if (!*managed && !has_begun(looked->seen)) co_return co_await view_of_upcoming(*looked);
    if (*managed) co_return write_managed(id, **managed, looked->seen, parts_.time->now());
    if (!looked->settled_at) co_return no_such_session();
    co_return write_unmanaged(id, looked->seen);
}

awaitable<result<session_timeline>> managed_session_service::timeline(crud::record session)
{
    const auto id = sessions::view_id(session.document.key);
    const auto looked = co_await updater_.look(session);
    const auto stored = json::parse(session.document.json);
    if (!looked || stored.has_error()) co_return make_unreadable_timeline(id);
    const auto managed = co_await up_to_date(*looked);
    if (managed.has_error()) co_return managed.error();
    auto made =
        make_timeline(looked->seen, sessions::read_contexts(*stored), *managed, parts_.time->now());
    made.id = id;
    co_return made;
}

awaitable<result<std::optional<policy>>> managed_session_service::policy_of(
    crud::object_key key, sessions::session fields)
{
    const auto record = co_await updater_.records().find(key);
    if (record.has_error()) co_return record.error();
    if (*record) co_return std::optional<policy>((*record)->session.rule);
    const auto id = co_await policies().matching(fields);
    if (id.has_error()) co_return id.error();
    if (!*id) co_return std::optional<policy>();
    auto under = co_await policies().find(**id);
    if (under.has_value()) co_return std::optional<policy>(std::move(under->rule));
    if (under.error().code() == errc::not_found) co_return std::optional<policy>();
    co_return under.error();
}

}  // namespace ocpi::managed
