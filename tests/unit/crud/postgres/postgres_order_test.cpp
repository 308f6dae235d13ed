#include "crud/postgres/postgres_crud.hpp"

#include "tests/support/postgres_store.hpp"
#include "tests/support/run_awaitable.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

#include <doctest/doctest.h>

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <random>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace postgres_order_test {

using namespace ocpi;
using boost::asio::awaitable;
using test::postgres_store;
using test::run_awaitable;

namespace {

constexpr auto side = crud::interface_side::receiver;

/// With other owners, eMSPs, days and sums, as the totals count them.
crud::document make_document(int number, std::mt19937& random)
{
    const auto any = [&random](unsigned below) { return static_cast<int>(random() % below); };
    const auto id = std::to_string(number);
    crud::document made(crud::object_key("ES", any(2) == 0 ? "ABC" : "XYZ", id), "{}",
                        date_time::from_milliseconds(1'700'000'000'000 + any(10) * 20'000'000LL),
                        std::nullopt);
    if (any(2) == 0) made.emsp = party("NL", any(2) == 0 ? "ONE" : "TWO");
    if (any(4) == 0) return made;
    made.secondary_key = made.key.party_id.str() + id;
    made.summary.emplace();
    made.summary->category = any(2) == 0 ? "charging" : "completed";
    made.summary->kwh = any(100'000);
    made.summary->cost = any(100'000);
    if (any(3) > 0) made.summary->currency = any(2) == 0 ? "EUR" : "CHF";
    if (any(3) > 0) made.summary->started_at = made.last_updated;
    return made;
}

struct written {
    std::mutex mutex;
    std::map<crud::revision, std::string> given;  // guarded by mutex

    void note(crud::revision at, const std::string& id)
    {
        const std::lock_guard lock(mutex);
        CHECK(given.emplace(at, id).second);
    }
};

/// Creates, updates and removes some records, which other callers change as well.
awaitable<void> write_randomly(Crud& crud, unsigned seed, int count, written& all)
{
    std::mt19937 random(seed);
    for (int i = 0; i < count; ++i) {
        auto wanted = make_document(static_cast<int>(random() % 30), random);
        const auto key = wanted.key;
        const auto choice = random() % 5;
        const auto present = co_await crud.get("sessions", side, key);
        result<crud::revision> outcome(crud::revision{0});
        if (present.has_error()) {
            outcome = co_await crud.create("sessions", side, std::move(wanted));
        } else if (choice > 0) {
            outcome = co_await crud.update("sessions", side, std::move(wanted), present->revision);
        } else {
            (void)co_await crud.remove("sessions", side, key);
            continue;
        }
        if (outcome.has_value()) {
            all.note(*outcome, key.folded());
        } else {
            CHECK(outcome.error().code() != errc::storage);
            CHECK(outcome.error().code() != errc::overloaded);
        }
    }
}

/// Each store on a thread of its own, with so many callers.
void run_together(const std::vector<std::unique_ptr<crud::postgres_crud>>& stores, int callers,
                  int count, unsigned seed, written& all)
{
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < stores.size(); ++i) {
        threads.emplace_back([&, i] {
            boost::asio::io_context context;
            for (int caller = 0; caller < callers; ++caller) {
                const auto own_seed =
                    seed + static_cast<unsigned>(i) * 1000 + static_cast<unsigned>(caller);
                boost::asio::co_spawn(context, write_randomly(*stores[i], own_seed, count, all),
                                      boost::asio::detached);
            }
            context.run();
        });
    }
}

std::vector<std::unique_ptr<crud::postgres_crud>> open_stores(const postgres_store& stored,
                                                              std::size_t count)
{
    std::vector<std::unique_ptr<crud::postgres_crud>> stores;
    for (std::size_t i = 0; i < count; ++i) {
        stores.push_back(std::make_unique<crud::postgres_crud>(stored.options));
    }
    return stores;
}

/// What the totals should hold, counted from the records, beside what they hold: a line for each
/// row that only one of them has. The levels are as in crud/total_slots.hpp.
const char* const find_wrong_counts = R"sql(
WITH counted AS (
    SELECT module, country_code, party_id, level, slot, coalesce(emsp_country_code, 'none') AS ec,
           coalesce(emsp_party_id, 'none') AS ep, count(*) AS count
    FROM record CROSS JOIN LATERAL (VALUES
        (0, 0::bigint), (1, (last_updated + 720000 * 86400000::bigint) / 86400000),
        (2, sequence / 32768), (3, sequence / 1024)) AS s (level, slot)
    GROUP BY 1, 2, 3, 4, 5, 6, 7),
kept AS (SELECT module, country_code, party_id, level::int, slot, emsp_country_code, emsp_party_id,
                count FROM list_total)
SELECT count(*) FROM ((TABLE counted EXCEPT TABLE kept) UNION ALL (TABLE kept EXCEPT TABLE counted))
    AS wrong
)sql";

const char* const find_wrong_sums = R"sql(
WITH counted AS (
    SELECT module, category, level, slot, currency, count(*) AS count,
           sum(coalesce(kwh, 0))::numeric AS kwh, sum(coalesce(cost, 0))::numeric AS cost
    FROM record CROSS JOIN LATERAL (VALUES
        (0, (last_updated + 720000 * 86400000::bigint) / 900000),
        (1, (last_updated + 720000 * 86400000::bigint) / 86400000),
        (2, (started_at + 720000 * 86400000::bigint) / 900000)) AS s (level, slot)
    WHERE category IS NOT NULL AND slot IS NOT NULL
    GROUP BY 1, 2, 3, 4, 5),
kept AS (SELECT module, category, level::int, slot, currency, count, kwh, cost FROM record_total)
SELECT count(*) FROM ((TABLE counted EXCEPT TABLE kept) UNION ALL (TABLE kept EXCEPT TABLE counted))
    AS wrong
)sql";

/// Follows the order of change to the end of what is written, and then once more.
class change_reader {
public:
    explicit change_reader(Crud& crud) : crud_(crud) {}

    /// True if there was something new.
    bool read_page()
    {
        crud::changes_query query;
        query.after = at_;
        query.limit = 7;
        const auto page = run_awaitable(crud_.list_changes("sessions", side, query));
        REQUIRE(page.has_value());
        for (const auto& each : page->records) {
            CHECK(each.revision > at_);
            at_ = each.revision;
            CHECK(seen_.emplace(each.revision, each.document.key.folded()).second);
        }
        // Up to as_of there will never be another one.
        if (page->is_last_page && page->as_of > at_) at_ = page->as_of;
        return !page->records.empty();
    }

    const std::map<crud::revision, std::string>& seen() const { return seen_; }

private:
    Crud& crud_;
    crud::revision at_ = 0;
    std::map<crud::revision, std::string> seen_;
};

}  // namespace

TEST_CASE("crud/postgres/postgres_order: totals equal counts after random writes of two stores")
{
    const auto seed = std::random_device{}();
    CAPTURE(seed);
    postgres_store stored;
    const auto stores = open_stores(stored, 2);
    written all;
    run_together(stores, 8, 25, seed, all);
    CHECK(stored.database.execute(find_wrong_counts) == "0");
    CHECK(stored.database.execute(find_wrong_sums) == "0");
    CHECK(stored.database.execute("SELECT count(*) FROM list_total WHERE count <= 0") == "0");
    CHECK(stored.log->text().empty());
}

TEST_CASE("crud/postgres/postgres_order: a reader of changes sees each once and in order")
{
    const auto seed = std::random_device{}();
    CAPTURE(seed);
    postgres_store stored;
    const auto stores = open_stores(stored, 4);
    crud::postgres_crud reading(stored.options);
    change_reader reader(reading);
    written all;
    std::atomic<bool> is_over = false;
    std::jthread writing([&] {
        run_together(stores, 6, 30, seed, all);
        is_over = true;
    });
    while (!is_over) (void)reader.read_page();
    writing.join();
    while (reader.read_page()) {
    }

    // A revision that was given and never seen was replaced by a later one of its record, or the
    // record was removed.
    std::map<std::string, crud::revision> latest;
    for (const auto& [at, key] : all.given) latest[key] = at;
    for (const auto& [at, key] : reader.seen()) {
        REQUIRE(all.given.contains(at));
        CHECK(all.given.at(at) == key);
    }
    for (const auto& [key, at] : latest) {
        CAPTURE(key);
        const auto slash = key.find('/', 3);
        const crud::object_key of("ES", key.substr(3, slash - 3), key.substr(slash + 1));
        const auto record = run_awaitable(reading.get("sessions", side, of));
        if (record.has_error()) continue;
        CHECK(record->revision == at);
        CHECK(reader.seen().contains(at));
    }
    CHECK(stored.log->text().empty());
}

}  // namespace postgres_order_test
