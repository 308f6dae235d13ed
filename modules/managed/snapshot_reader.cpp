#include "modules/managed/snapshot_reader.hpp"

#include "modules/sessions/charging_preferences.hpp"
#include "modules/sessions/session_evse.hpp"
#include "ocpi/protocol/contract_id.hpp"

#include <algorithm>
#include <cstdint>
#include <utility>

namespace ocpi::managed {
namespace {

using boost::asio::awaitable;

constexpr std::uint64_t latest_sessions = 100;

}  // namespace

snapshot_reader::snapshot_reader(std::shared_ptr<Crud> crud, std::shared_ptr<energy_prices> prices,
                                 std::shared_ptr<sessions::evse_directory> evses,
                                 std::vector<party> own_cpo_parties)
    : sessions_(std::move(crud)),
      snapshots_(evses),
      prices_(prices ? std::move(prices) : std::make_shared<flat_energy_prices>()),
      evses_(std::move(evses)),
      own_cpo_parties_(std::move(own_cpo_parties))
{
}

awaitable<result<session_ptr>> snapshot_reader::find(crud::object_key key)
{
    const auto record = co_await sessions_.get(crud::interface_side::sender, std::move(key));
    if (record.has_value()) co_return co_await read(*record);
    if (record.error().code() == errc::not_found) co_return session_ptr();
    co_return record.error();
}

awaitable<session_ptr> snapshot_reader::read(const crud::record& record)
{
    auto session = co_await snapshots_.read(record);
    if (session.has_error()) co_return nullptr;
    const auto& fields = (*session)->seen.fields;
    if (!fields.status || !fields.start_date_time) co_return nullptr;
    co_return std::move(*session);
}

awaitable<result<std::vector<session_ptr>>> snapshot_reader::list_live(
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
    std::vector<session_ptr> live;
    for (;;) {
        if (page.has_error()) co_return page.error();
        for (const auto& record : page->records) {
            // A session that awaits its final reading has a sort key as well as a settled one.
            const bool is_over = !record.document.sort_key.empty();
            if (is_over) continue;
            auto session = co_await read(record);
            if (session && sessions::is_live(session->seen)) live.push_back(std::move(session));
        }
        if (page->is_last_page || page->records.empty()) co_return live;
        query.offset += page->records.size();
        page = co_await sessions_.list(crud::interface_side::sender, query);
    }
}

awaitable<price_curve> snapshot_reader::prices_for(const policy& rule,
                                                   const session_snapshot& session)
{
    auto prices = co_await prices_->prices_for(session.seen.fields, session.profile, rule.timezone);
    if (prices.has_value()) co_return std::move(*prices);
    co_return flat_prices();
}

awaitable<std::optional<bool>> snapshot_reader::preferences_unsupported(
    const session_snapshot& session)
{
    if (!is_own(session.key)) co_return std::nullopt;
    const auto evse =
        co_await sessions::find_evse(evses_, session.key.owner(), session.seen.fields);
    co_return evse && !sessions::takes_charging_preferences(*evse);
}

bool snapshot_reader::is_own(const crud::object_key& key) const
{
    return std::find(own_cpo_parties_.begin(), own_cpo_parties_.end(), key.owner()) !=
           own_cpo_parties_.end();
}

}  // namespace ocpi::managed
