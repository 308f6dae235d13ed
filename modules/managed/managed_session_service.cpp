#include "modules/managed/managed_session_service.hpp"

#include "modules/managed/background.hpp"
#include "modules/managed/progress.hpp"
#include "modules/metering/quarter_hour.hpp"
#include "modules/sessions/session_record.hpp"
#include "modules/sessions/settled_rank.hpp"
#include "modules/sessions/view_id.hpp"
#include "ocpi/protocol/contract_id.hpp"

#include <algorithm>
#include <exception>
#include <string>
#include <unordered_set>
#include <utility>

namespace ocpi::managed {
namespace {

using boost::asio::awaitable;

/// A policy that comes late finds its sessions among that many latest ones of its contracts.
constexpr std::uint64_t latest_sessions = 100;

updater_dependencies updater_dependencies_of(const service_dependencies& parts)
{
    updater_dependencies own;
    own.crud = parts.crud;
    own.prices = parts.prices ? parts.prices : std::make_shared<flat_energy_prices>();
    own.evses = parts.evses;
    own.own_cpo_parties = parts.own_cpo_parties;
    return own;
}

/// The record as it is looked at.
crud::record record_of(const queued_update& change)
{
    crud::record record;
    record.document = crud::document(change.key, *change.json, date_time(), {});
    record.revision = change.revision;
    const auto id = sessions::view_id(change.key);
    if (change.has_settled) record.document.sort_key = sessions::settled_rank(change.at, id);
    return record;
}

}  // namespace

managed_session_service::managed_session_service(service_dependencies parts)
    : parts_(std::move(parts)), sessions_(parts_.crud), updater_(updater_dependencies_of(parts_))
{
}

managed_session_service::~managed_session_service() = default;

void managed_session_service::start(boost::asio::any_io_executor executor)
{
    const std::lock_guard lock(mutex_);
    if (background_) return;
    is_stopping_ = false;
    background_ = std::make_shared<background>(*this, std::move(executor));
    background_->start();
}

awaitable<void> managed_session_service::stop()
{
    std::shared_ptr<background> ending;
    {
        const std::lock_guard lock(mutex_);
        ending = std::exchange(background_, nullptr);
        is_stopping_ = true;
    }
    if (ending) co_await ending->stop();
}

void managed_session_service::on_change(const sessions::session_change& change) noexcept
{
    try {
        if (!change.contract || !updater_.policies().may_match(change.contract)) return;
        queued_update pending;
        pending.key = change.key;
        pending.contract = contract_key(*change.contract);
        pending.at = parts_.time->now();
        pending.revision = change.revision;
        pending.json = change.json;
        pending.has_settled = change.has_settled;
        pending_.add(std::move(pending));
        if (const auto at_work = find_background()) at_work->wake();
    } catch (const std::exception&) {
        // The next read of the session detects the change by its revision.
    }
}

void managed_session_service::on_price_change(const party& owner) noexcept
{
    try {
        new_prices_.add(owner, parts_.time->now());
        if (const auto at_work = find_background()) at_work->wake_for_prices();
    } catch (const std::exception&) {
        // At the next quarter-hour all plans are made by the prices of then.
    }
}

awaitable<result<void>> managed_session_service::create_policy(policy rule)
{
    const auto created = co_await updater_.create_policy(rule);
    if (created.has_error()) co_return created.error();
    co_return co_await adopt_sessions(rule);
}

awaitable<result<void>> managed_session_service::replace_policy(policy rule)
{
    const auto pending = co_await work_on_all(rule.contract_ids);
    if (pending.has_error()) co_return pending.error();
    const auto replaced = co_await updater_.replace_policy(rule, parts_.time->now());
    if (replaced.has_error()) co_return replaced.error();
    co_return co_await adopt_sessions(rule);
}

awaitable<result<void>> managed_session_service::remove_policy(std::string id)
{
    const auto found = co_await policies().find(id);
    if (found.has_error()) co_return found.error();
    const auto pending = co_await work_on_all(found->rule.contract_ids);
    if (pending.has_error()) co_return pending.error();
    co_return co_await updater_.remove_policy(found->rule.id);
}

awaitable<result<std::string>> managed_session_service::change_target(std::string policy_id,
                                                                      std::optional<target> wanted,
                                                                      contract_scope visible)
{
    const auto under = co_await policies().find(policy_id);
    if (under.has_error()) co_return under.error();
    const auto pending = co_await work_on_all(under->rule.contract_ids);
    if (pending.has_error()) co_return pending.error();
    auto changed = co_await updater_.change_target(under->rule.id, std::move(wanted),
                                                   std::move(visible), parts_.time->now());
    if (changed.has_error()) co_return changed.error();
    if (changed->session) send_preferences(*changed->session);
    co_return std::move(changed->json);
}

/// Caps a time of change at now: a clock that was set back would put it in the future.
date_time managed_session_service::not_after_now(date_time at) const
{
    return std::min(at, parts_.time->now());
}

awaitable<result<void>> managed_session_service::work_on(ci_string contract)
{
    const auto contracts = co_await policies().siblings(std::move(contract));
    if (contracts.has_error()) co_return contracts.error();
    const auto turn = co_await turns_.take(contracts->front().folded());
    std::unordered_set<std::string> failed;
    std::vector<queued_update> left;
    result<void> worked;
    for (auto& change : pending_.take(*contracts)) {
        const auto name = change.key.folded();
        if (failed.contains(name)) {
            left.push_back(std::move(change));
            continue;
        }
        auto session = co_await updater_.look(record_of(change));
        if (!session) continue;
        const auto taken =
            co_await updater_.apply_change(std::move(*session), not_after_now(change.at));
        if (taken.has_error()) {
            failed.insert(name);
            worked = taken.error();
            left.push_back(std::move(change));
        } else {
            send_preferences(change.key);
        }
    }
    pending_.put_back(std::move(left));
    co_return worked;
}

awaitable<result<void>> managed_session_service::work_on_all(std::vector<ci_string> contracts)
{
    for (const auto& contract : contracts) {
        const auto worked = co_await work_on(contract);
        if (worked.has_error()) co_return worked.error();
    }
    co_return result<void>();
}

/// The record of a session with all earlier writes applied; std::nullopt when no policy manages it.
awaitable<result<std::optional<managed_session>>> managed_session_service::find_known(
    const session_snapshot& session)
{
    // Where that fails for this very session, it fails once more below.
    if (const auto contract = contract_of(session.seen.fields)) (void)co_await work_on(*contract);
    const auto planned = co_await take_new_prices(session);
    if (planned.has_error()) co_return planned.error();
    const auto matching = co_await policies().matching(session.seen.fields);
    if (matching.has_error()) co_return matching.error();
    auto record = co_await updater_.records().find(session.key);
    if (record.has_error()) co_return record.error();
    bool is_known = !*record && !*matching;
    if (*record) {
        const auto& known = (*record)->session;
        const bool is_of_it = known.is_settled || *matching == known.rule.id;
        is_known = is_of_it && known.session_revision >= session.revision;
    }
    if (!is_known) {
        const auto taken = co_await updater_.apply_change(session, parts_.time->now());
        if (taken.has_error()) co_return taken.error();
        record = co_await updater_.records().find(session.key);
        if (record.has_error()) co_return record.error();
    }
    if (!*record) co_return std::optional<managed_session>();
    co_return std::optional<managed_session>(std::move((*record)->session));
}

/// The same as of now: the quarter-hours that have passed are kept, though not stored.
awaitable<result<std::optional<managed_session>>> managed_session_service::up_to_date(
    session_snapshot session)
{
    auto known = co_await find_known(session);
    if (known.has_error() || !*known) co_return known;
    auto& managed = **known;
    const auto now = parts_.time->now();
    const bool is_due =
        managed.planned_at && metering::next_quarter_hour(*managed.planned_at) <= now;
    if (is_due && !managed.is_settled) {
        const auto prices = co_await updater_.prices_for(managed.rule, session);
        advance(managed, session.seen, prices, now);
    }
    co_return known;
}

awaitable<result<void>> managed_session_service::take_new_prices(const session_snapshot& session)
{
    const auto lacking = new_prices_.lacking(session.key);
    if (!lacking) co_return result<void>();
    const auto planned = co_await updater_.take_prices(session, not_after_now(lacking->at));
    if (planned.has_value()) new_prices_.note_planned(session.key, *lacking);
    co_return planned;
}

awaitable<void> managed_session_service::take_all_new_prices()
{
    const auto change = new_prices_.latest();
    std::optional<std::string> after;
    bool is_well = true;
    do {
        const auto page = co_await updater_.records().list_live(after);
        if (page.has_error()) co_return;
        for (const auto& key : page->keys) {
            if (is_stopping_) co_return;
            if (!new_prices_.lacking(key)) continue;
            const auto session = co_await updater_.find_session(key);
            is_well = is_well && session.has_value();
            if (session.has_error() || !*session) continue;
            const auto planned = co_await take_new_prices(**session);
            is_well = is_well && planned.has_value();
        }
        after = page->last;
    } while (after);
    if (is_well) new_prices_.note_all_planned(change);
}

/// The latest sessions of these contracts, as far as they are not over.
awaitable<result<std::vector<session_snapshot>>> managed_session_service::live_sessions(
    std::vector<ci_string> contracts)
{
    crud::list_query query;
    query.contracts = contract_keys(contracts);
    query.limit = 1;
    auto page = co_await sessions_.list(crud::interface_side::sender, query);
    if (page.has_error()) co_return page.error();
    query.offset = page->total - std::min(page->total, latest_sessions);
    query.limit = latest_sessions;
    if (page->total > 1) page = co_await sessions_.list(crud::interface_side::sender, query);
    std::vector<session_snapshot> live;
    for (;;) {
        if (page.has_error()) co_return page.error();
        for (const auto& record : page->records) {
            // One that awaits its final reading has a sort key, too.
            const bool is_over = !record.document.sort_key.empty();
            if (is_over) continue;
            auto session = co_await updater_.look(record);
            if (session && sessions::is_live(session->seen)) live.push_back(std::move(*session));
        }
        if (page->is_last_page || page->records.empty()) co_return live;
        query.offset += page->records.size();
        page = co_await sessions_.list(crud::interface_side::sender, query);
    }
}

/// A policy finds the sessions under way that it has not been told of: that were there before it,
/// that another process has written, or whose change was not worked on when the process ended.
awaitable<result<void>> managed_session_service::adopt(const std::vector<session_snapshot>& live)
{
    for (const auto& session : live) {
        const auto taken = co_await updater_.apply_change(session, parts_.time->now());
        if (taken.has_error()) co_return taken.error();
    }
    co_return result<void>();
}

awaitable<result<void>> managed_session_service::adopt_sessions(const policy& rule)
{
    const auto live = co_await live_sessions(rule.contract_ids);
    if (live.has_error()) co_return live.error();
    co_return co_await adopt(*live);
}

awaitable<void> managed_session_service::adopt_all_sessions()
{
    const auto ids = co_await policies().ids(std::nullopt);
    if (ids.has_error()) co_return;
    for (const auto& id : *ids) {
        if (is_stopping_) co_return;
        const auto under = co_await policies().find(id);
        if (under.has_value() && !under->current) (void)co_await adopt_sessions(under->rule);
    }
}

awaitable<void> managed_session_service::keep_quarter_hours()
{
    std::optional<std::string> after;
    do {
        const auto page = co_await updater_.records().list_live(after);
        if (page.has_error()) co_return;
        for (const auto& key : page->keys) {
            if (is_stopping_) co_return;
            (void)co_await keep_quarter_hour(key);
            send_preferences(key);
        }
        after = page->last;
    } while (after);
}

awaitable<result<void>> managed_session_service::keep_quarter_hour(crud::object_key key)
{
    const auto session = co_await updater_.find_session(std::move(key));
    if (session.has_error()) co_return session.error();
    if (!*session) co_return result<void>();
    const auto known = co_await find_known(**session);
    if (known.has_error()) co_return known.error();
    co_return co_await updater_.keep_quarter_hours(**session, parts_.time->now());
}

}  // namespace ocpi::managed
