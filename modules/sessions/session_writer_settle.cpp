// Sessions whose final reading has not come in time.

#include "modules/sessions/session_writer.hpp"

#include "crud/repository.hpp"
#include "modules/sessions/session_record.hpp"
#include "modules/sessions/session_summary.hpp"
#include "modules/sessions/settled_rank.hpp"

#include <utility>

namespace ocpi::sessions {
namespace {

/// Of a session's own 8 MiB at most, so as few as will do.
constexpr std::uint64_t settled_at_a_time = 25;

}  // namespace

std::optional<date_time> session_writer::overdue() const
{
    if (!rule_.time) return std::nullopt;
    return overdue_since(rule_.time->now(), rule_.timeout);
}

boost::asio::awaitable<result<std::size_t>> session_writer::settle_overdue(
    std::shared_ptr<Crud> through)
{
    auto& store = through ? *through : *crud_;
    const auto ended_at = overdue();
    std::size_t settled = 0;
    if (!ended_at) co_return settled;
    crud::sorted_query query;
    query.range = awaiting_since(*ended_at);
    query.limit = settled_at_a_time;
    for (bool is_last = false; !is_last;) {
        auto page = co_await reader_.list_sorted(crud::interface_side::sender, query);
        if (page.has_error()) co_return page.error();
        is_last = page->is_last_page || page->records.empty();
        if (!page->records.empty()) query.range.below = page->records.back().document.sort_key;
        for (auto& record : page->records) {
            const auto outcome = co_await settle(std::move(record), store);
            if (outcome.has_error()) co_return outcome.error();
            if (*outcome) ++settled;
        }
    }
    co_return settled;
}

/// True if this settled the session; false when it was written concurrently and is left to that
/// writer.
boost::asio::awaitable<result<bool>> session_writer::settle(crud::record awaiting, Crud& through)
{
    constexpr auto side = crud::interface_side::sender;
    auto document = std::move(awaiting.document);
    const auto key = document.key;
    const auto lock = co_await writers_.take(key.folded());
    const auto parsed = json::parse(document.json);
    if (parsed.has_error()) co_return false;
    const auto found = settlement_of(*parsed);
    set_index_values(document, document.contract, summarize(parsed->root()), found,
                     found.awaiting_since);
    const auto written =
        co_await crud::save(through, session_records, side, document, awaiting.revision);
    if (written.has_error()) {
        if (crud::is_write_conflict(written.error())) co_return false;
        co_return written.error();
    }
    for (const auto& listener : listeners_) {
        co_await listener->on_same_session(key, awaiting.revision, *written);
    }
    tell(document, *written, protocol::trace_context());
    co_return true;
}

}  // namespace ocpi::sessions
