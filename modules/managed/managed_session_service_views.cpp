// The views of sessions, with a policy and without.

#include "modules/managed/managed_session_service.hpp"
#include "modules/managed/progress.hpp"
#include "modules/managed/view.hpp"
#include "modules/metering/quarter_hour.hpp"
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
    auto under = co_await policies().find(std::move(policy_id));
    if (under.has_error()) co_return under.error();
    const auto id = under->rule.id;
    const auto drained = co_await apply_pending(id);
    if (drained.has_error()) co_return drained.error();
    under = co_await policies().find(id);
    if (under.has_error()) co_return under.error();
    auto under_way = co_await view_under_way(*under, visible);
    if (under_way.has_error()) co_return under_way.error();
    if (*under_way) co_return std::move(**under_way);

    const auto live = co_await reader_.list_live(under->rule.contract_ids);
    if (live.has_error()) co_return live.error();
    if (!under->current) {
        const auto adopted = co_await events_.adopt(*live);
        if (adopted.has_error()) co_return adopted.error();
        under = co_await policies().find(id);
        if (under.has_error()) co_return under.error();
        under_way = co_await view_under_way(*under, visible);
        if (under_way.has_error()) co_return under_way.error();
        if (*under_way) co_return std::move(**under_way);
    }
    const auto upcoming = co_await find_upcoming(*live, id, visible);
    if (upcoming.has_error()) co_return upcoming.error();
    const auto now = time_->now();
    expire_unused(under->upcoming, now);
    co_return write_upcoming(*upcoming, under->rule, under->upcoming, now);
}

/// std::nullopt when no session of the policy is under way, or it is not visible.
awaitable<result<std::optional<std::string>>> managed_session_service::view_under_way(
    const stored_policy& under, const contract_scope& visible)
{
    if (!under.current) co_return std::optional<std::string>();
    const auto found = co_await reader_.find(*under.current);
    if (found.has_error()) co_return found.error();
    const auto& session = *found;
    if (!session || !is_in_scope(visible, sessions::contract_of(session->seen.fields))) {
        co_return std::optional<std::string>();
    }
    const auto managed = co_await up_to_date(session);
    if (managed.has_error()) co_return managed.error();
    if (!*managed || (*managed)->is_settled) co_return std::optional<std::string>();
    co_return write_managed(session->view_id, **managed, session->seen, time_->now());
}

/// The id of the policy's session that exists and has not begun, the last to begin of several;
/// std::nullopt when there is none, or none is visible.
awaitable<result<std::optional<std::string>>> managed_session_service::find_upcoming(
    const std::vector<session_ptr>& live, const std::string& policy_id,
    const contract_scope& visible)
{
    session_ptr upcoming;
    for (const auto& session : live) {
        const auto& fields = session->seen.fields;
        if (sessions::has_begun(session->seen) ||
            !is_in_scope(visible, sessions::contract_of(fields)))
            continue;
        if (upcoming && fields.start_date_time <= upcoming->seen.fields.start_date_time) continue;
        const auto matching = co_await policies().matching(fields);
        if (matching.has_error()) co_return matching.error();
        if (*matching == policy_id) upcoming = session;
    }
    if (!upcoming) co_return std::optional<std::string>();
    co_return sessions::view_id(upcoming->key);
}

/// The session's record as of now: quarter-hours that have passed are included, and not stored.
awaitable<result<std::optional<managed_session>>> managed_session_service::up_to_date(
    session_ptr session)
{
    auto known = co_await events_.record_of(session);
    if (known.has_error() || !*known) co_return known;
    auto& managed = **known;
    const auto now = time_->now();
    const bool is_due =
        managed.planned_at && metering::next_quarter_hour(*managed.planned_at) <= now;
    if (is_due && !managed.is_settled) {
        const auto prices = co_await reader_.prices_for(managed.rule, *session);
        advance(managed, session->seen, prices, now);
    }
    co_return known;
}

awaitable<result<std::string>> managed_session_service::view_of_upcoming(session_ptr session)
{
    const auto id = co_await policies().matching(session->seen.fields);
    if (id.has_error()) co_return id.error();
    if (!*id) co_return no_such_session();
    auto under = co_await policies().find(**id);
    if (under.has_error()) {
        if (under.error().code() == errc::not_found) co_return no_such_session();
        co_return under.error();
    }
    const auto now = time_->now();
    expire_unused(under->upcoming, now);
    co_return write_upcoming(session->view_id, under->rule, under->upcoming, now);
}

awaitable<result<std::string>> managed_session_service::view(crud::record record)
{
    const auto session = co_await reader_.read(record);
    if (!session || session->seen.fields.status == sessions::session_status::invalid) {
        co_return no_such_session();
    }
    const auto managed = co_await up_to_date(session);
    if (managed.has_error()) co_return managed.error();
    const auto& id = session->view_id;
    if (*managed) co_return write_managed(id, **managed, session->seen, time_->now());
    if (!sessions::has_begun(session->seen)) co_return co_await view_of_upcoming(session);
    if (!session->settled_at) co_return no_such_session();
    co_return write_unmanaged(id, session->seen);
}

awaitable<result<session_timeline>> managed_session_service::timeline(crud::record record)
{
    const auto id = sessions::view_id(record.document.key);
    const auto session = co_await reader_.read(record);
    const auto stored = json::parse(record.document.json);
    if (!session || stored.has_error()) co_return make_unreadable_timeline(id);
    const auto managed = co_await up_to_date(session);
    if (managed.has_error()) co_return managed.error();
    auto made =
        make_timeline(session->seen, sessions::read_contexts(*stored), *managed, time_->now());
    made.id = id;
    co_return made;
}

awaitable<result<std::optional<policy>>> managed_session_service::policy_of(
    crud::object_key key, const sessions::session& fields, policy_age age)
{
    const auto record = co_await events_.records().find(std::move(key));
    if (record.has_error()) co_return record.error();
    if (*record) co_return std::optional<policy>((*record)->value.rule);
    if (age == policy_age::none) {
        const auto refreshed = co_await policies().refresh();
        if (refreshed.has_error()) co_return refreshed.error();
    }
    const auto id = co_await policies().recently_matching(fields);
    if (id.has_error()) co_return id.error();
    if (!*id) co_return std::optional<policy>();
    auto under = co_await policies().find(**id);
    if (under.has_value()) co_return std::optional<policy>(std::move(under->rule));
    if (under.error().code() == errc::not_found) co_return std::optional<policy>();
    co_return under.error();
}

}  // namespace ocpi::managed
