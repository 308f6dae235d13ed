#include "crud/crud.hpp"

#include "crud/errors.hpp"
#include "crud/page_bound.hpp"
#include "crud/search.hpp"

#include <algorithm>
#include <functional>
#include <limits>
#include <tuple>

namespace ocpi {

namespace crud {
namespace {

template <class T>
bool contains(const std::vector<T>& values, const T& wanted)
{
    return std::find(values.begin(), values.end(), wanted) != values.end();
}

/// How many records the functions below ask for at a time.
constexpr std::uint64_t records_per_page = 500;

/// How often they begin again because records were removed meanwhile.
constexpr int max_scans = 20;

/// The records that a scan has kept.
struct scan {
    std::vector<record> records;
    /// The latest change of the store when the scan began. What has changed since may be in the
    /// scan as it was or as it is.
    revision as_of = 0;
};

using predicate = std::function<bool(const record&)>;

/// False when records must have been removed between the two pages: the last record of the one is
/// not, unchanged, the first one of the other.
bool follows_on(const page& next, const object_key& last_key, revision last_revision)
{
    return !next.records.empty() && next.records.front().document.key == last_key &&
           next.records.front().revision == last_revision;
}

/// One scan of the list; std::nullopt when records may have been missed. Each page begins with the
/// last record of the page before. While that one is unchanged, it has kept its place in the order
/// of creation, so that no record behind it is missed, whatever is written meanwhile.
boost::asio::awaitable<result<std::optional<scan>>> try_scan(Crud& store, std::string_view module,
                                                             interface_side side, list_query query,
                                                             predicate is_wanted, revision after)
{
    scan all;
    object_key last_key;
    revision last_revision = 0;
    for (bool is_first = true;; is_first = false) {
        auto listed = co_await store.list(module, side, query);
        if (listed.has_error()) co_return listed.error();
        auto& records = listed->records;
        if (is_first) {
            all.as_of = listed->as_of;
            if (after >= all.as_of) co_return std::optional<scan>(std::move(all));
        } else {
            if (!follows_on(*listed, last_key, last_revision)) co_return std::optional<scan>();
            records.erase(records.begin());
        }
        if (!records.empty()) {
            last_key = records.back().document.key;
            last_revision = records.back().revision;
        }
        query.offset += records.size() - (is_first && !records.empty() ? 1 : 0);
        const bool is_stuck = records.empty() && !listed->is_last_page;
        for (auto& each : records) {
            if (is_wanted(each)) all.records.push_back(std::move(each));
        }
        if (listed->is_last_page) co_return std::optional<scan>(std::move(all));
        if (is_stuck) co_return std::optional<scan>();
    }
}

/// All records of a list that are wanted, for stores without an index; none at all, and only one
/// page read, when the store has not changed after `after`.
boost::asio::awaitable<result<scan>> scan_list(Crud& store, std::string_view module,
                                               interface_side side, record_filter filter,
                                               predicate is_wanted, revision after)
{
    list_query query;
    static_cast<record_filter&>(query) = std::move(filter);
    query.limit = records_per_page;
    query.max_bytes = std::numeric_limits<std::uint64_t>::max();
    for (int tries = 0; tries < max_scans; ++tries) {
        auto scanned = co_await try_scan(store, module, side, query, is_wanted, after);
        if (scanned.has_error()) co_return scanned.error();
        if (*scanned) co_return std::move(**scanned);
    }
    co_return store_overloaded();
}

std::vector<const record*> pointers_to(const std::vector<record>& records)
{
    std::vector<const record*> pointers;
    for (const auto& each : records) pointers.push_back(&each);
    return pointers;
}

constexpr auto no_revision = std::numeric_limits<revision>::min();

}  // namespace

bool record_filter::matches(const document& candidate) const
{
    const party owner(candidate.key.country_code.str(), candidate.key.party_id.str());
    return (!date_from || candidate.last_updated >= *date_from) &&
           (!date_to || candidate.last_updated < *date_to) &&
           (!owners || contains(*owners, owner)) && !contains(not_owned_by, owner) &&
           (!emsps || (candidate.emsp && contains(*emsps, *candidate.emsp))) &&
           (!contracts || (candidate.contract && contains(*contracts, *candidate.contract)));
}

bool sort_range::contains(const std::string& sort_key) const
{
    return !sort_key.empty() && (!below || sort_key < *below) && (!above || sort_key > *above);
}

}  // namespace crud

boost::asio::awaitable<result<crud::record>> Crud::get_if_visible_to(std::string_view module,
                                                                     crud::interface_side side,
                                                                     crud::object_key key,
                                                                     std::vector<party> emsps)
{
    auto found = co_await get(module, side, std::move(key));
    if (found.has_error()) co_return found;
    crud::record_filter filter;
    filter.emsps = std::move(emsps);
    if (!filter.matches(found->document)) co_return crud::no_such_record();
    co_return found;
}

boost::asio::awaitable<result<crud::record>> Crud::find_by_secondary_key(std::string_view module,
                                                                         crud::interface_side side,
                                                                         std::string key,
                                                                         crud::record_filter filter)
{
    if (key.empty()) co_return crud::no_such_record();
    crud::predicate is_wanted = [&key](const crud::record& each) {
        return each.document.secondary_key == key;
    };
    auto found = co_await crud::scan_list(*this, module, side, std::move(filter),
                                          std::move(is_wanted), crud::no_revision);
    if (found.has_error()) co_return found.error();
    if (found->records.empty()) co_return crud::no_such_record();
    co_return std::move(found->records.back());
}

boost::asio::awaitable<result<crud::sorted_page>> Crud::list_sorted(std::string_view module,
                                                                    crud::interface_side side,
                                                                    crud::sorted_query query)
{
    crud::predicate is_wanted = [&query](const crud::record& each) {
        return query.range.contains(each.document.sort_key);
    };
    crud::record_filter filter = query;
    auto found = co_await crud::scan_list(*this, module, side, std::move(filter),
                                          std::move(is_wanted), crud::no_revision);
    if (found.has_error()) co_return found.error();
    auto& records = found->records;
    std::sort(records.begin(), records.end(), [](const auto& a, const auto& b) {
        return std::tie(a.document.sort_key, a.revision) >
               std::tie(b.document.sort_key, b.revision);
    });
    // A key that has moved to another record during the scan is that of the latter.
    const auto same = std::unique(records.begin(), records.end(), [](const auto& a, const auto& b) {
        return a.document.sort_key == b.document.sort_key;
    });
    records.erase(same, records.end());
    crud::sorted_page page;
    page.is_last_page = records.size() <= query.limit;
    if (!page.is_last_page && query.range.goes_upwards()) {
        records.erase(records.begin(), records.end() - static_cast<std::ptrdiff_t>(query.limit));
    } else if (!page.is_last_page) {
        records.resize(query.limit);
    }
    page.records = std::move(records);
    crud::shorten(page, query);
    co_return page;
}

boost::asio::awaitable<result<crud::changes_page>> Crud::list_changes(std::string_view module,
                                                                      crud::interface_side side,
                                                                      crud::changes_query query)
{
    crud::predicate is_wanted = [&query](const crud::record& each) {
        return each.revision > query.after;
    };
    crud::record_filter filter = query;
    auto found = co_await crud::scan_list(*this, module, side, std::move(filter),
                                          std::move(is_wanted), query.after);
    if (found.has_error()) co_return found.error();
    auto& records = found->records;
    // The scan may have missed an earlier change of what has changed since it began: that is left
    // to the next page, so that no change between the two is missed.
    std::erase_if(records, [&found](const auto& each) { return each.revision > found->as_of; });
    std::sort(records.begin(), records.end(),
              [](const auto& a, const auto& b) { return a.revision < b.revision; });
    crud::changes_page page;
    page.as_of = found->as_of;
    page.is_last_page = records.size() <= query.limit;
    if (!page.is_last_page) records.resize(query.limit);
    page.records = std::move(records);
    crud::shorten(page, query);
    co_return page;
}

boost::asio::awaitable<result<crud::search_page>> Crud::search(std::string_view module,
                                                               crud::interface_side side,
                                                               crud::search_query query)
{
    crud::predicate is_wanted = [&query](const crud::record& each) {
        return query.matches(each.document, each.document.last_updated);
    };
    auto found = co_await crud::scan_list(*this, module, side, crud::record_filter(),
                                          std::move(is_wanted), crud::no_revision);
    if (found.has_error()) co_return found.error();
    co_return crud::make_search_page(crud::pointers_to(found->records), query);
}

boost::asio::awaitable<result<std::optional<crud::totals>>> Crud::find_totals(
    std::string_view module, crud::interface_side side, crud::totals_query query)
{
    crud::predicate is_wanted = [&query](const crud::record& each) {
        return query.matches(each.document, crud::instant_of(each.document, query));
    };
    auto found = co_await crud::scan_list(*this, module, side, crud::record_filter(),
                                          std::move(is_wanted), crud::no_revision);
    if (found.has_error()) co_return found.error();
    const auto matching = crud::pointers_to(found->records);
    co_return std::optional<crud::totals>(crud::make_totals(matching, query));
}

boost::asio::awaitable<result<crud::revision>> Crud::find_latest_revision()
{
    crud::list_query query;
    query.limit = 1;
    const auto listed = co_await list("sessions", crud::interface_side::receiver, std::move(query));
    if (listed.has_error()) co_return listed.error();
    co_return listed->as_of;
}

std::shared_ptr<crud::leases> Crud::leases()
{
    return nullptr;
}

std::shared_ptr<Crud> Crud::fenced_by(crud::held_lease)
{
    return nullptr;
}

boost::asio::awaitable<result<void>> Crud::check_writable()
{
    co_return result<void>();
}

boost::asio::awaitable<result<void>> Crud::check_readable()
{
    co_return result<void>();
}

crud::store_report Crud::report() const
{
    return {};
}

boost::asio::awaitable<result<std::vector<crud::object_key>>> Crud::remove_unchanged(
    std::string_view module, crud::interface_side side, std::vector<crud::removal> removals,
    std::vector<std::string> belonging)
{
    std::vector<crud::object_key> removed;
    for (const auto& each : removals) {
        const auto found = co_await get(module, side, each.key);
        if (found.has_error() && found.error().code() != errc::not_found) co_return found.error();
        if (found.has_error() || found->revision != each.expected) continue;
        for (const auto& other : belonging) {
            const auto outcome = co_await remove(other, side, each.key);
            if (outcome.has_error() && outcome.error().code() != errc::not_found) {
                co_return outcome.error();
            }
        }
        const auto outcome = co_await remove(module, side, each.key);
        if (outcome.has_error()) {
            if (outcome.error().code() == errc::not_found) continue;
            co_return outcome.error();
        }
        removed.push_back(each.key);
    }
    co_return removed;
}

}  // namespace ocpi
