#include "crud/postgres/reads.hpp"

#include "crud/memory/memory_crud.hpp"
#include "crud/postgres/postgres_crud.hpp"
#include "tests/support/postgres_server.hpp"
#include "tests/support/run_awaitable.hpp"

#include <doctest/doctest.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace reads_test {

using namespace ocpi;
using namespace ocpi::crud;
using test::run_awaitable;

namespace {

constexpr auto side = interface_side::sender;
constexpr std::array<const char*, 2> modules{"sessions", "tariffs"};
constexpr std::array<const char*, 3> categories{"live", "completed", "pending"};

struct postgres_fixture {
    test::postgres_database database;
    std::unique_ptr<postgres_crud> store = std::make_unique<postgres_crud>(options_of(database));

    static postgres_options options_of(const test::postgres_database& of)
    {
        postgres_options options;
        options.connection.url = of.url();
        options.connection.allow_lost_writes = true;
        return options;
    }
};

/// Few of everything, so that much is equal.
class generator {
public:
    explicit generator(unsigned seed) : random_(seed) {}

    std::int64_t number(std::int64_t most)
    {
        return std::uniform_int_distribution<std::int64_t>(0, most)(random_);
    }
    bool one_in(std::int64_t count) { return number(count - 1) == 0; }

    /// On the first moment of a day, or of a quarter-hour, as often as elsewhere.
    date_time instant()
    {
        constexpr auto minute = std::chrono::milliseconds(std::chrono::minutes(1)).count();
        constexpr std::int64_t day = 1440 * minute;
        const auto within = one_in(3) ? 0 : one_in(2) ? number(95) * 15 * minute : number(day - 1);
        return date_time::from_milliseconds((19'675 + number(4)) * day + within);
    }

    party any_party() { return party(one_in(2) ? "ES" : "es", "AB" + std::to_string(number(2))); }

    std::vector<party> parties()
    {
        std::vector<party> some{any_party()};
        if (one_in(2)) some.push_back(any_party());
        if (one_in(5)) some.emplace_back("XX", "XXX");
        if (one_in(20)) some.emplace_back("\xFF", std::string(1, '\0'));
        return some;
    }

    std::vector<ci_string> contracts()
    {
        std::vector<ci_string> some{ci_string("c" + std::to_string(number(3)))};
        if (one_in(2)) some.emplace_back("C" + std::to_string(number(3)));
        return some;
    }

    const char* module() { return modules[static_cast<std::size_t>(number(1))]; }

    object_key key()
    {
        const auto id = number(40);
        return object_key("ES", "AB" + std::to_string(id % 3), "id" + std::to_string(id));
    }

    document make_document()
    {
        document made(key(), "{\"x\":\"" + std::string(static_cast<std::size_t>(number(30)), '-'),
                      instant(), std::nullopt);
        made.json += "\"}";
        const auto id = made.key.id.str();
        if (!one_in(4)) made.emsp = any_party();
        if (!one_in(4)) made.contract = ci_string("C" + std::to_string(number(3)));
        if (!one_in(5)) made.sort_key = std::to_string(number(9)) + id;
        if (one_in(6)) return made;
        made.secondary_key = "key" + id;
        if (one_in(8)) return made;
        auto& summary = made.summary.emplace();
        summary.category = categories[static_cast<std::size_t>(number(2))];
        if (!one_in(5)) summary.started_at = instant();
        if (!one_in(5)) summary.kwh = number(99'000'000);
        if (!one_in(3)) summary.cost = number(20'000'000) - 1'000'000;
        summary.currency = one_in(2) ? "EUR" : one_in(2) ? "GBP" : "";
        summary.search_text = "SESS" + id + "\nLOC" + std::to_string(number(3)) + "\xC3\xA9";
        return made;
    }

    void fill(record_filter& filter)
    {
        if (one_in(4)) filter.date_from = instant();
        if (one_in(4)) filter.date_to = instant();
        if (one_in(4)) filter.owners = parties();
        if (one_in(5)) filter.not_owned_by = parties();
        if (one_in(4)) filter.emsps = parties();
        if (one_in(5)) filter.contracts = contracts();
    }

    void fill(search_filter& filter)
    {
        for (const char* category : categories) {
            if (one_in(3)) continue;
            auto& range = filter.ranges.emplace_back();
            range.category = category;
            if (one_in(2)) range.from = instant();
            if (one_in(2)) range.to = instant();
        }
        if (one_in(4)) filter.contracts = contracts();
        const std::array<const char*, 6> texts{"", "", "SSid1", "LOC2", "3", "SESSid12\nLOC"};
        filter.text = texts[static_cast<std::size_t>(number(5))];
    }

    template <class Query>
    void bound(Query& query)
    {
        query.limit = static_cast<std::uint64_t>(number(11) + 1);
        if (one_in(3)) query.max_bytes = static_cast<std::uint64_t>(number(150));
    }

    search_place place()
    {
        search_place made;
        made.last_updated = instant();
        if (one_in(2)) made.secondary_key = "keyid" + std::to_string(number(40));
        return made;
    }

private:
    std::mt19937 random_;
};

bool is_same(const document& a, const document& b)
{
    return a.key.country_code.str() == b.key.country_code.str() &&
           a.key.id.str() == b.key.id.str() && a.key.party_id.str() == b.key.party_id.str() &&
           a.json == b.json && a.last_updated == b.last_updated && a.emsp == b.emsp &&
           a.contract == b.contract && a.secondary_key == b.secondary_key &&
           a.sort_key == b.sort_key && a.summary == b.summary;
}

/// The same in memory and on PostgreSQL.
class two_stores {
public:
    two_stores(Crud& postgres, unsigned seed) : random_(seed), postgres_(postgres) {}

    void change()
    {
        const char* module = random_.module();
        const auto made = random_.make_document();
        const auto stored = run_awaitable(memory_.get(module, side, made.key));
        if (stored.has_error()) {
            REQUIRE(run_awaitable(memory_.create(module, side, made)).has_value());
            REQUIRE(run_awaitable(postgres_.create(module, side, made)).has_value());
        } else if (random_.one_in(5)) {
            REQUIRE(run_awaitable(memory_.remove(module, side, made.key)).has_value());
            REQUIRE(run_awaitable(postgres_.remove(module, side, made.key)).has_value());
        } else {
            const auto same = run_awaitable(postgres_.get(module, side, made.key));
            REQUIRE(same.has_value());
            const auto first = run_awaitable(memory_.update(module, side, made, stored->revision));
            REQUIRE(first.has_value());
            const auto second = run_awaitable(postgres_.update(module, side, made, same->revision));
            REQUIRE(second.has_value());
        }
    }

    void compare()
    {
        module_ = random_.module();
        compare_finds();
        compare_lists();
        compare_sorted();
        compare_changes();
        compare_searches();
        compare_totals();
    }

private:
    static std::string text_of(const std::vector<record>& records)
    {
        std::string text;
        for (const auto& each : records) text += each.document.key.id.str() + ' ';
        return text;
    }

    template <class Page>
    static std::string text_of(const Page& listed)
    {
        return text_of(listed.records) + (listed.is_last_page ? "end" : "more");
    }

    void check(const std::vector<record>& found, const std::vector<record>& expected)
    {
        CHECK(text_of(found) == text_of(expected));
        if (found.size() != expected.size()) return;
        for (std::size_t i = 0; i < found.size(); ++i) {
            CHECK(is_same(found[i].document, expected[i].document));
        }
    }

    void check_one(const result<record>& found, const result<record>& expected)
    {
        REQUIRE(found.has_value() == expected.has_value());
        if (!expected) CHECK(found.error().code() == errc::not_found);
        if (expected) CHECK(is_same(found->document, expected->document));
    }

    void compare_finds()
    {
        const auto key = random_.key();
        check_one(run_awaitable(postgres_.get(module_, side, key)),
                  run_awaitable(memory_.get(module_, side, key)));
        const auto emsps = random_.parties();
        check_one(run_awaitable(postgres_.get_if_visible_to(module_, side, key, emsps)),
                  run_awaitable(memory_.get_if_visible_to(module_, side, key, emsps)));
        const auto secondary = "key" + key.id.str();
        record_filter filter;
        random_.fill(filter);
        check_one(run_awaitable(postgres_.find_by_secondary_key(module_, side, secondary, filter)),
                  run_awaitable(memory_.find_by_secondary_key(module_, side, secondary, filter)));
    }

    void compare_lists()
    {
        list_query query;
        random_.fill(query);
        random_.bound(query);
        query.offset = static_cast<std::uint64_t>(random_.number(25));
        const auto expected = run_awaitable(memory_.list(module_, side, query));
        const auto found = run_awaitable(postgres_.list(module_, side, query));
        REQUIRE(found.has_value());
        CHECK(found->total == expected->total);
        CHECK(text_of(*found) == text_of(*expected));
        check(found->records, expected->records);
        CHECK(found->as_of == *run_awaitable(postgres_.find_latest_revision()));
    }

    void compare_sorted()
    {
        sorted_query query;
        random_.fill(query);
        random_.bound(query);
        if (random_.one_in(2)) query.range.below = std::to_string(random_.number(9));
        if (random_.one_in(2)) query.range.above = std::to_string(random_.number(9));
        const auto expected = run_awaitable(memory_.list_sorted(module_, side, query));
        const auto found = run_awaitable(postgres_.list_sorted(module_, side, query));
        REQUIRE(found.has_value());
        CHECK(text_of(*found) == text_of(*expected));
    }

    void compare_changes()
    {
        changes_query query;
        random_.fill(query);
        random_.bound(query);
        auto same = query;
        const auto key = random_.key();
        if (const auto stored = run_awaitable(memory_.get(module_, side, key))) {
            query.after = stored->revision;
            same.after = run_awaitable(postgres_.get(module_, side, key))->revision;
        }
        const auto expected = run_awaitable(memory_.list_changes(module_, side, query));
        const auto found = run_awaitable(postgres_.list_changes(module_, side, same));
        REQUIRE(found.has_value());
        CHECK(text_of(*found) == text_of(*expected));
        CHECK(found->as_of == *run_awaitable(postgres_.find_latest_revision()));
    }

    void compare_searches()
    {
        search_query query;
        random_.fill(query);
        random_.bound(query);
        if (random_.one_in(2)) {
            (random_.one_in(2) ? query.after : query.before) = random_.place();
        }
        const auto expected = run_awaitable(memory_.search(module_, side, query));
        const auto found = run_awaitable(postgres_.search(module_, side, query));
        REQUIRE(found.has_value());
        CHECK(text_of(*found) == text_of(*expected));
        CHECK(found->reached == expected->reached);
    }

    void compare_totals()
    {
        totals_query query;
        random_.fill(query);
        query.by_start = random_.one_in(2);
        query.max_records = query.by_start ? 0 : static_cast<std::uint64_t>(random_.number(20));
        if (random_.one_in(4)) query.max_bytes = static_cast<std::uint64_t>(random_.number(300));
        const auto expected = run_awaitable(memory_.find_totals(module_, side, query));
        const auto found = run_awaitable(postgres_.find_totals(module_, side, query));
        REQUIRE(found.has_value());
        REQUIRE(found->has_value());
        CHECK((*found)->parts == (*expected)->parts);
        if (query.by_start) return;
        REQUIRE((*found)->records.has_value() == (*expected)->records.has_value());
        if ((*found)->records) CHECK((*found)->records->size() == (*expected)->records->size());
    }

    generator random_;
    memory_crud memory_;
    Crud& postgres_;
    const char* module_ = modules[0];
};

/// 16,000 sessions of one contract and, by turns, two parties, a millisecond apart, with the
/// counters of lists. Slots of days begin 720,000 days before 1970.
const char* const many_sessions = R"sql(
INSERT INTO record (module, country_code, party_id, id, sequence, revision, last_updated, contract,
    secondary_key, sort_key, category, started_at, kwh, cost, currency, search_text,
    given_country_code, given_party_id, given_id, given_contract, json)
SELECT 'sessions', 'ES', 'AB' || i % 2, 'ID' || i, i, i, 1700000100000 + i, 'C',
    lpad(i::text, 6, '0'), lpad(i::text, 6, '0'), 'live', 1700000000000, 1, 1, 'EUR',
    ('TEXT ' || lpad(i::text, 6, '0') || CASE WHEN i % 2 = 0 THEN ' even' ELSE ' odd' END)::bytea,
    'ES', 'AB' || i % 2, 'ID' || i, 'C', '0123456789'
FROM generate_series(1::bigint, 16000) AS i;
UPDATE latest_number SET revision = 16000, sequence = 16000;
INSERT INTO list_total SELECT module, country_code, party_id, level, CASE level WHEN 0 THEN 0
    WHEN 1 THEN (last_updated + 720000 * 86400000::bigint) / 86400000
    WHEN 2 THEN sequence / 32768 ELSE sequence / 1024 END AS slot, '', '', count(*)
FROM record, generate_series(0, 3) AS level GROUP BY 1, 2, 3, 4, 5;
)sql";

date_time updated(std::int64_t number)
{
    return date_time::from_milliseconds(1'700'000'100'000 + number);
}

struct many_fixture : postgres_fixture {
    many_fixture() { database.execute(many_sessions); }

    std::string list(std::uint64_t offset, const record_filter& filter = {})
    {
        list_query query;
        static_cast<record_filter&>(query) = filter;
        query.offset = offset;
        query.limit = 2;
        const auto found = run_awaitable(store->list("sessions", side, query));
        REQUIRE(found.has_value());
        std::string text;
        for (const auto& each : found->records) text += each.document.key.id.str() + ' ';
        return text + "of " + std::to_string(found->total) + (found->is_last_page ? " end" : "");
    }

    search_page search(const search_query& query)
    {
        auto found = run_awaitable(store->search("sessions", side, query));
        REQUIRE(found.has_value());
        return std::move(*found);
    }
};

template <class Query>
Query query_of_live(const std::string& text = {})
{
    Query query;
    query.ranges.emplace_back().category = "live";
    query.text = text;
    query.limit = 2;
    return query;
}

totals_query totals_of_live()
{
    totals_query query;
    query.ranges.emplace_back().category = "live";
    return query;
}

}  // namespace

TEST_CASE_FIXTURE(postgres_fixture,
                  "crud/postgres/reads: every answer is that of the store in memory")
{
    const auto seed = std::random_device()();
    CAPTURE(seed);
    two_stores stores(*store, seed);
    for (int round = 0; round < 300; ++round) {
        stores.change();
        stores.compare();
    }
}

TEST_CASE_FIXTURE(many_fixture, "crud/postgres/reads: a deep page begins at its block")
{
    CHECK(list(0) == "ID1 ID2 of 16000");
    CHECK(list(255) == "ID256 ID257 of 16000");
    CHECK(list(1'022) == "ID1023 ID1024 of 16000");
    CHECK(list(1'023) == "ID1024 ID1025 of 16000");
    CHECK(list(12'345) == "ID12346 ID12347 of 16000");
    CHECK(list(15'998) == "ID15999 ID16000 of 16000 end");
    CHECK(list(15'999) == "ID16000 of 16000 end");
    CHECK(list(16'000) == "of 16000 end");
    record_filter filter;
    filter.owners = std::vector<party>{party("es", "ab1")};
    CHECK(list(7'000, filter) == "ID14001 ID14003 of 8000");
    filter.owners = std::vector<party>{party("es", "ab1"), party("es", "ab0")};
    CHECK(list(7'000, filter) == "ID7001 ID7002 of 16000");
    filter.owners = std::nullopt;
    filter.not_owned_by = {party("ES", "AB1")};
    CHECK(list(7'999, filter) == "ID16000 of 8000 end");
}

TEST_CASE_FIXTURE(many_fixture,
                  "crud/postgres/reads: a page of dates is the same by date and by creation")
{
    record_filter filter;
    filter.date_from = updated(101);
    CHECK(list(0, filter) == "ID101 ID102 of 15900");
    CHECK(list(15'000, filter) == "ID15101 ID15102 of 15900");
    filter.date_to = updated(104);
    CHECK(list(0, filter) == "ID101 ID102 of 3");
    CHECK(list(2, filter) == "ID103 of 3 end");
    filter.date_from = updated(-1'000'000'000);
    filter.date_to = updated(1'000'000'000);
    CHECK(list(12'345, filter) == "ID12346 ID12347 of 16000");
}

TEST_CASE_FIXTURE(many_fixture,
                  "crud/postgres/reads: a search that looks at many ends early and goes on later")
{
    auto query = query_of_live<search_query>("TEXT 000005");
    auto found = search(query);
    CHECK(found.records.empty());
    CHECK_FALSE(found.is_last_page);
    REQUIRE(found.reached);
    CHECK(found.reached->last_updated == updated(6'001));
    query.after = found.reached;
    found = search(query);
    REQUIRE(found.records.size() == 1);
    CHECK(found.records[0].document.key.id.str() == "ID5");
    CHECK(found.is_last_page);

    found = search(query_of_live<search_query>("odd"));
    REQUIRE(found.records.size() == 2);
    CHECK(found.records[1].document.key.id.str() == "ID15997");
    CHECK_FALSE(found.is_last_page);

    auto upwards = query_of_live<search_query>("even");
    upwards.before = search_place{updated(9), "000009"};
    found = search(upwards);
    REQUIRE(found.records.size() == 2);
    CHECK(found.records[0].document.key.id.str() == "ID12");
    CHECK(found.records[1].document.key.id.str() == "ID10");
    CHECK(found.reached->last_updated == updated(12));
}

TEST_CASE_FIXTURE(many_fixture,
                  "crud/postgres/reads: contracts of too many records are searched in their order")
{
    auto query = query_of_live<search_query>();
    query.contracts = std::vector<ci_string>{ci_string("c")};
    const auto found = search(query);
    REQUIRE(found.records.size() == 2);
    CHECK(found.records[0].document.key.id.str() == "ID16000");
    CHECK_FALSE(found.is_last_page);
    auto sums = totals_of_live();
    sums.contracts = query.contracts;
    CHECK_FALSE(run_awaitable(store->find_totals("sessions", side, sums))->has_value());
    sums.ranges[0].from = updated(15'991);
    const auto few = run_awaitable(store->find_totals("sessions", side, sums));
    REQUIRE(few->has_value());
    REQUIRE((*few)->parts.size() == 1);
    CHECK((*few)->parts[0].count == 10);
}

TEST_CASE_FIXTURE(many_fixture, "crud/postgres/reads: too many records are not summed one by one")
{
    auto query = totals_of_live();
    query.ranges[0].from = updated(1'001);
    CHECK_FALSE(run_awaitable(store->find_totals("sessions", side, query))->has_value());
    query.ranges[0].from = updated(6'001);
    query.ranges[0].to = updated(16'001);
    const auto found = run_awaitable(store->find_totals("sessions", side, query));
    REQUIRE(found->has_value());
    REQUIRE((*found)->parts.size() == 1);
    CHECK((*found)->parts[0].count == 10'000);
    CHECK((*found)->parts[0].kwh == *decimal::parse("0.01"));
    query.text = "TEXT";
    query.ranges[0].from = updated(5'000);
    CHECK_FALSE(run_awaitable(store->find_totals("sessions", side, query))->has_value());
}

TEST_CASE_FIXTURE(many_fixture, "crud/postgres/reads: a page keeps to its bytes but has one record")
{
    list_query query;
    query.limit = 10;
    query.max_bytes = 35;
    auto found = run_awaitable(store->list("sessions", side, query));
    CHECK(found->records.size() == 3);
    CHECK(found->total == 16'000);
    CHECK_FALSE(found->is_last_page);
    query.max_bytes = 1;
    query.offset = 15'998;
    found = run_awaitable(store->list("sessions", side, query));
    CHECK(found->records.size() == 1);
    CHECK_FALSE(found->is_last_page);
}

TEST_CASE_FIXTURE(postgres_fixture,
                  "crud/postgres/reads: what no text of the database can be is not there")
{
    const std::string strange("a\0b", 3);
    const auto get = [&](const object_key& key) {
        return run_awaitable(store->get("sessions", side, key)).error().code();
    };
    CHECK(get(object_key("ES", "ABC", strange)) == errc::not_found);
    CHECK(get(object_key("ES", "\xC3", "1")) == errc::not_found);
    const auto found =
        run_awaitable(store->find_by_secondary_key("sessions", side, "\xE2\x82", {}));
    CHECK(found.error().code() == errc::not_found);
    sorted_query sorted;
    sorted.range.below = "\xFF";
    CHECK(run_awaitable(store->list_sorted("sessions", side, sorted)).has_value());
    auto search = query_of_live<search_query>(strange);
    search.after.emplace().secondary_key = strange;
    CHECK(run_awaitable(store->search("sessions", side, search)).has_value());
}

}  // namespace reads_test
