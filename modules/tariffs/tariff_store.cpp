#include "modules/tariffs/tariff_store.hpp"

#include "crud/errors.hpp"
#include "crud/page_bound.hpp"
#include "crud/repository.hpp"
#include "ocpi/protocol/sender_clock.hpp"

#include <optional>
#include <string_view>
#include <utility>

namespace ocpi::tariffs {
namespace {

/// Within this process writers take turns, so only writers of other processes can come in
/// between, and each time that happens one of them has made its way.
constexpr int max_attempts = 50;

bool says_the_same(const json::document& sent, const std::string& stored)
{
    if (sent.text() == stored) return true;
    const auto before = json::parse(stored);
    return before.has_value() &&
           json::same(before->root(), sent.root(), json::number_equality::spelling);
}

}  // namespace

boost::asio::awaitable<result<crud::record>> tariff_store::get(crud::interface_side side,
                                                               crud::object_key key)
{
    co_return co_await crud_->get(tariff_records, side, std::move(key));
}

boost::asio::awaitable<result<crud::page>> tariff_store::list(crud::interface_side side,
                                                              crud::list_query query)
{
    auto listed = co_await crud_->list(tariff_records, side, query);
    if (listed.has_value()) crud::shorten(*listed, query);
    co_return listed;
}

boost::asio::awaitable<result<written_tariff>> tariff_store::put(crud::interface_side side,
                                                                 crud::object_key key,
                                                                 const parsed_tariff& sent,
                                                                 strictness strict, date_time now)
{
    const auto lock = co_await writers_.take(key.folded());
    const auto last_updated = sent.fields.last_updated;
    for (int attempt = 0; attempt < max_attempts; ++attempt) {
        const auto stored = co_await get(side, key);
        if (stored.has_error() && stored.error().code() != errc::not_found) {
            co_return stored.error();
        }
        const auto* base = stored.has_value() ? &*stored : nullptr;
        written_tariff written;
        written.created = base == nullptr;
        written.tolerated = sent.tolerated;
        if (auto note = protocol::note_clock_lead(last_updated, now)) {
            written.tolerated.push_back(std::move(*note));
        }
        if (base && protocol::is_stale(last_updated, base->document.last_updated, now)) {
            if (strict == strictness::strict) {
                co_return protocol::stale("tariff", last_updated, base->document.last_updated);
            }
            written.tolerated.push_back("/last_updated is older than the stored one");
        }
        if (base && says_the_same(sent.document, base->document.json)) co_return written;

        auto stored_key = base ? base->document.key : key;
        crud::document document(std::move(stored_key), sent.document.text(), last_updated,
                                std::nullopt);
        const auto revision = base ? std::optional(base->revision) : std::nullopt;
        const auto outcome =
            co_await crud::save(*crud_, tariff_records, side, std::move(document), revision);
        if (outcome.has_value()) {
            written.changed = true;
            tell(tariff_change(key, *outcome));
            co_return written;
        }
        if (!crud::is_write_conflict(outcome.error())) co_return outcome.error();
    }
    co_return error(errc::overloaded,
                    "too many others write to this tariff; try again in a moment");
}

boost::asio::awaitable<result<void>> tariff_store::remove(crud::interface_side side,
                                                          crud::object_key key)
{
    const auto lock = co_await writers_.take(key.folded());
    auto removed = co_await crud_->remove(tariff_records, side, key);
    if (removed.has_value()) tell(tariff_change(key));
    co_return removed;
}

}  // namespace ocpi::tariffs
