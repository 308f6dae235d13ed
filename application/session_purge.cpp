#include "application/session_purge.hpp"

#include "modules/exchange/acknowledgements.hpp"
#include "modules/exchange/delivery.hpp"
#include "modules/managed/managed_store.hpp"
#include "modules/sessions/session_reader.hpp"
#include "modules/sessions/settled_rank.hpp"
#include "ocpi/base/pause.hpp"
#include "partners/partner_store.hpp"

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>
#include <vector>

namespace ocpi {
namespace {

using boost::asio::awaitable;

constexpr std::uint64_t sessions_at_a_time = 100;
constexpr auto side = crud::interface_side::sender;

/// The modules with a record for each session, under its key.
std::vector<std::string> modules_of_sessions()
{
    return {std::string(managed::managed_session_records),
            std::string(exchange::acknowledgement_records)};
}

/// Those of a page that no partner lacks; counts the others.
awaitable<result<std::vector<crud::removal>>> choose(const std::vector<crud::record>& page,
                                                     exchange::delivery_records& deliveries,
                                                     purge_summary& summary)
{
    std::vector<crud::removal> chosen;
    for (const auto& record : page) {
        const auto partner = co_await deliveries.partner_lacking(record);
        if (partner.has_error()) co_return partner.error();
        if (*partner) {
            ++summary.parties[to_string(record.document.key.owner())].lacking;
            ++summary.partners[**partner];
        } else {
            chosen.emplace_back(record.document.key, record.revision);
        }
    }
    co_return chosen;
}

awaitable<result<void>> remove(Crud& crud, std::vector<crud::removal> chosen,
                               purge_summary& summary)
{
    const auto started = std::chrono::steady_clock::now();
    for (const auto& each : chosen) ++summary.parties[to_string(each.key.owner())].changed;
    auto belonging = modules_of_sessions();
    const auto removed = co_await crud.remove_unchanged(sessions::session_records, side,
                                                        std::move(chosen), std::move(belonging));
    if (removed.has_error()) co_return removed.error();
    for (const auto& key : *removed) {
        auto& counts = summary.parties[to_string(key.owner())];
        --counts.changed;
        ++counts.purged;
    }
    const auto taken = std::chrono::steady_clock::now() - started;
    co_await pause_for(std::chrono::ceil<std::chrono::milliseconds>(taken));
    co_return result<void>();
}

}  // namespace

purge_summary::counts purge_summary::total() const
{
    counts sum;
    for (const auto& [party, each] : parties) {
        sum.purged += each.purged;
        sum.lacking += each.lacking;
        sum.changed += each.changed;
    }
    return sum;
}

awaitable<result<purge_summary>> purge_sessions(std::shared_ptr<Crud> crud, purge_options options,
                                                std::function<void(const purge_summary&)> report)
{
    auto partners = std::make_shared<partners::partner_store>(crud);
    auto deliveries = co_await exchange::delivery_records::load(crud, std::move(partners));
    if (deliveries.has_error()) co_return deliveries.error();
    const sessions::session_reader reader(crud);
    purge_summary summary;
    crud::sorted_query query;
    query.range = sessions::settled_below(sessions::settled_rank(options.completed_before, ""));
    query.limit = sessions_at_a_time;
    for (bool is_last = false; !is_last;) {
        const auto page = co_await reader.list_sorted(side, query);
        if (page.has_error()) co_return page.error();
        is_last = page->is_last_page || page->records.empty();
        if (!page->records.empty()) query.range.below = page->records.back().document.sort_key;
        auto chosen = co_await choose(page->records, *deliveries, summary);
        if (chosen.has_error()) co_return chosen.error();
        if (options.removes) {
            const auto done = co_await remove(*crud, std::move(*chosen), summary);
            if (done.has_error()) co_return done.error();
        } else {
            for (const auto& each : *chosen) {
                ++summary.parties[to_string(each.key.owner())].purged;
            }
        }
        report(summary);
    }
    co_return summary;
}

}  // namespace ocpi
