#include "crud/sqlite/read_cache.hpp"

#include "crud/sqlite/sqlite_crud.hpp"
#include "tests/support/run_awaitable.hpp"
#include "tests/support/temporary_directory.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

#include <doctest/doctest.h>

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace read_cache_test {

using namespace ocpi;
using crud::interface_side;
using crud::sqlite::read_cache;
using crud::sqlite::record_change;
using test::run_awaitable;

namespace {

crud::object_key key_of(const std::string& id)
{
    return crud::object_key("ES", "ABC", id);
}

crud::record made(const std::string& id, crud::revision at, const std::string& json = "{}")
{
    crud::record record;
    record.document = crud::document(key_of(id), json, date_time(), std::nullopt);
    record.document.secondary_key = "second " + id;
    record.revision = at;
    return record;
}

record_change written(crud::record record)
{
    const auto key = record.document.key;
    return {"sessions", key, std::make_shared<const crud::record>(std::move(record))};
}

/// A cache, and the header of a log as the processes on the database leave it.
class shared_log {
public:
    read_cache cache{1024 * 1024};

    shared_log()
    {
        cache.watch(header_.data());
        (void)find("none");  // it takes note of the header
    }
    shared_log(const shared_log&) = delete;
    shared_log& operator=(const shared_log&) = delete;
    ~shared_log() { cache.watch(nullptr); }

    void commit()
    {
        ++header_[2];
        header_[10] += 17;  // a checksum
    }
    /// It begins again at its start, as far as this and another process are concerned.
    void restart()
    {
        header_[4] = 0;    // its length
        header_[8] += 1;   // a salt
        header_[10] += 5;  // a checksum
    }
    void write(std::vector<record_change> changes)
    {
        cache.begin_changes();
        commit();
        cache.apply(std::move(changes));
    }
    void keep(const crud::record& found)
    {
        cache.keep(cache.begin_reading("sessions"), "sessions", found.document.key, found);
    }

    /// The revision; 0: the database must be asked.
    crud::revision find(const std::string& id)
    {
        const auto found = cache.find("sessions", key_of(id));
        return found && found->has_value() ? (*found)->revision : 0;
    }
    bool is_known_absent(const std::string& id)
    {
        const auto found = cache.find("sessions", key_of(id));
        return found && found->has_error() && found->error().code() == errc::not_found;
    }
    crud::revision find_second(const std::string& secondary_key)
    {
        const auto found = cache.find_by_secondary_key("sessions", secondary_key);
        return found ? found->revision : 0;
    }
    bool is_empty(const std::string& above, const std::string& below)
    {
        crud::sort_range range;
        range.above = above;
        range.below = below;
        return cache.is_known_empty("sessions", range);
    }

private:
    std::array<std::uint32_t, 12> header_{3'007'000, 0, 1};
};

}  // namespace

TEST_CASE("crud/sqlite/read_cache: what was read is found, in every spelling of its key")
{
    shared_log log;
    log.keep(made("one", 5));
    CHECK(log.find("one") == 5);
    CHECK(log.find("ONE") == 5);
    CHECK(log.find_second("second one") == 5);
    CHECK(log.find("two") == 0);
    CHECK_FALSE(log.is_known_absent("two"));
    CHECK_FALSE(log.cache.find("tariffs", key_of("one")));
    CHECK_FALSE(log.cache.find_by_secondary_key("tariffs", "second one"));
}

TEST_CASE("crud/sqlite/read_cache: a commit of another process drops all")
{
    shared_log log;
    log.keep(made("one", 5));
    log.commit();
    CHECK(log.find("one") == 0);
    log.keep(made("one", 6));
    CHECK(log.find("one") == 6);
}

TEST_CASE("crud/sqlite/read_cache: a commit of this process replaces what it changes")
{
    shared_log log;
    log.keep(made("one", 5));
    log.keep(made("two", 6));
    log.write({written(made("one", 7))});
    CHECK(log.find("one") == 7);
    CHECK(log.find("two") == 6);
    log.write({record_change("sessions", key_of("two"), nullptr)});
    CHECK(log.is_known_absent("two"));
    CHECK(log.find_second("second two") == 0);
}

TEST_CASE("crud/sqlite/read_cache: nothing is found between a commit and its changes")
{
    shared_log log;
    log.keep(made("one", 5));
    log.cache.begin_changes();
    CHECK(log.find("one") == 5);  // not committed yet
    log.commit();
    CHECK(log.find("one") == 0);
    log.cache.apply({written(made("one", 6))});
    CHECK(log.find("one") == 6);
}

TEST_CASE("crud/sqlite/read_cache: a log that this process begins again leaves all")
{
    shared_log log;
    log.keep(made("one", 5));
    log.cache.begin_restart();
    log.restart();
    CHECK(log.find("one") == 0);
    log.cache.end_restart();
    CHECK(log.find("one") == 5);
}

TEST_CASE("crud/sqlite/read_cache: another process that commits while the log begins again is seen")
{
    shared_log log;
    log.keep(made("one", 5));
    log.cache.begin_restart();
    log.commit();
    log.restart();
    log.cache.end_restart();
    CHECK(log.find("one") == 0);
}

TEST_CASE("crud/sqlite/read_cache: two processes that commit at once leave nothing")
{
    shared_log log;
    log.keep(made("one", 5));
    SUBCASE("the other before")
    {
        log.commit();
        log.write({written(made("two", 7))});
        CHECK(log.find("one") == 0);
        CHECK(log.find("two") == 7);
    }
    SUBCASE("the other after")
    {
        log.cache.begin_changes();
        log.commit();
        log.commit();
        log.cache.apply({written(made("two", 6))});
        CHECK(log.find("one") == 0);
        CHECK(log.find("two") == 0);
    }
    SUBCASE("the other while this one commits nothing")
    {
        log.cache.begin_changes();
        log.commit();
        log.cache.apply({});
        CHECK(log.find("one") == 0);
    }
}

TEST_CASE("crud/sqlite/read_cache: changes that failed change nothing")
{
    shared_log log;
    log.keep(made("one", 5));
    log.cache.begin_changes();
    log.cache.abandon_changes();
    CHECK(log.find("one") == 5);
    log.cache.begin_changes();
    log.commit();  // whose outcome was not learned
    log.cache.abandon_changes();
    CHECK(log.find("one") == 0);
}

TEST_CASE("crud/sqlite/read_cache: what was read before a change of its module is not kept")
{
    shared_log log;
    const auto since = log.cache.begin_reading("sessions");
    const auto of_others = log.cache.begin_reading("tariffs");
    log.write({written(made("one", 7))});
    log.cache.keep(since, "sessions", key_of("one"), made("one", 5));
    CHECK(log.find("one") == 7);
    log.cache.keep(of_others, "tariffs", key_of("T"), made("T", 4));
    CHECK(log.cache.find("tariffs", key_of("T")));

    const auto again = log.cache.begin_reading("sessions");
    log.commit();
    CHECK(log.find("one") == 0);
    log.cache.keep(again, "sessions", key_of("one"), made("one", 7));
    CHECK(log.find("one") == 0);
}

TEST_CASE("crud/sqlite/read_cache: a key without a record is known until it has one")
{
    shared_log log;
    const auto since = log.cache.begin_reading("sessions");
    const error absent(errc::not_found, "there is none");
    const error unwell(errc::storage, "the disk is gone");
    log.cache.keep(since, "sessions", key_of("two"), unwell);
    CHECK_FALSE(log.is_known_absent("two"));
    log.cache.keep(since, "sessions", key_of("one"), absent);
    CHECK(log.is_known_absent("one"));
    log.write({written(made("one", 6))});
    CHECK(log.find("one") == 6);
}

TEST_CASE("crud/sqlite/read_cache: a record is not found by a secondary key that it had before")
{
    shared_log log;
    auto moved = made("one", 6);
    moved.document.secondary_key = "third";
    log.keep(made("one", 5));
    log.write({written(moved)});
    CHECK(log.find_second("second one") == 0);
    CHECK(log.find_second("third") == 6);
}

TEST_CASE("crud/sqlite/read_cache: the gap of a list ends at a record that is written into it")
{
    shared_log log;
    const auto keep_gap = [&log](std::optional<std::string> next) {
        log.cache.keep_gap(log.cache.begin_reading("sessions"), "sessions", "b", std::move(next));
    };
    const auto write_at = [&log](const std::string& sort_key) {
        auto record = made("one", 7);
        record.document.sort_key = sort_key;
        log.write({written(record)});
    };
    CHECK_FALSE(log.is_empty("b", "c"));
    keep_gap("m");
    CHECK(log.is_empty("b", "m"));
    CHECK(log.is_empty("c", "d"));
    CHECK_FALSE(log.is_empty("b", "n"));
    CHECK_FALSE(log.is_empty("a", "c"));
    write_at("m");
    write_at("b");
    write_at("");
    CHECK(log.is_empty("b", "m"));
    write_at("f");
    CHECK(log.is_empty("b", "f"));
    CHECK_FALSE(log.is_empty("b", "g"));
    keep_gap(std::nullopt);
    CHECK(log.is_empty("b", "zzz"));
    log.commit();
    CHECK_FALSE(log.is_empty("b", "c"));
}

TEST_CASE(
    "crud/sqlite/read_cache: without the log nothing is found, and what is too large is not kept")
{
    shared_log log;
    log.keep(made("large", 4, std::string(512 * 1024, ' ')));
    CHECK(log.find("large") == 0);
    log.keep(made("one", 5));
    log.cache.watch(nullptr);
    CHECK(log.find("one") == 0);
    CHECK(log.find_second("second one") == 0);
}

namespace {

/// Two stores on one file, as two processes have them.
struct two_stores {
    test::temporary_directory directory;
    crud::sqlite_options options;
    std::optional<crud::sqlite_crud> first;
    std::optional<crud::sqlite_crud> second;

    two_stores()
    {
        options.path = directory.file("store.db");
        first.emplace(options);
        second.emplace(options);
    }
};

constexpr auto side = interface_side::sender;

crud::document document_of(const std::string& json)
{
    auto document = made("one", 0, json).document;
    document.emsp = party("ES", "EMS");
    document.contract = ci_string("CONTRACT");
    document.sort_key = "m";
    document.summary.emplace();
    document.summary->category = "live";
    return document;
}

/// The JSON, as each of the three ways to read one record has it; empty: there is none.
std::vector<std::string> read(Crud& store)
{
    std::vector<std::string> read;
    const auto add = [&read](result<crud::record> found) {
        read.push_back(found.has_value() ? found->document.json : std::string());
    };
    crud::record_filter visible;
    visible.contracts = {ci_string("contract")};
    add(run_awaitable(store.get("sessions", side, key_of("one"))));
    add(run_awaitable(
        store.get_if_visible_to("sessions", side, key_of("one"), {party("es", "ems")})));
    add(run_awaitable(store.find_by_secondary_key("sessions", side, "second one", visible)));
    return read;
}

std::size_t count_between(Crud& store, const std::string& above, const std::string& below)
{
    crud::sorted_query query;
    query.range.above = above;
    query.range.below = below;
    return run_awaitable(store.list_sorted("sessions", side, query)).value().records.size();
}

using texts = std::vector<std::string>;

/// True when a read needs no other thread.
bool is_remembered(Crud& store)
{
    boost::asio::io_context context;
    auto done = std::make_shared<bool>(false);
    auto look = [](Crud& in, std::shared_ptr<bool> seen) -> boost::asio::awaitable<void> {
        (void)co_await in.get("sessions", side, key_of("one"));
        *seen = true;
    };
    boost::asio::co_spawn(context, look(store, done), boost::asio::detached);
    context.poll();
    const bool was_done = *done;
    context.run();
    return was_done;
}

}  // namespace

TEST_CASE("crud/sqlite/read_cache: each of two stores on a file reads what the other has written")
{
    two_stores on;
    auto& first = *on.first;
    auto& second = *on.second;
    CHECK(read(second) == texts{"", "", ""});
    CHECK(count_between(second, "a", "z") == 0);

    const auto created = run_awaitable(first.create("sessions", side, document_of("1"))).value();
    CHECK(read(second) == texts{"1", "1", "1"});
    CHECK(read(first) == texts{"1", "1", "1"});
    CHECK(count_between(second, "a", "z") == 1);

    run_awaitable(second.update("sessions", side, document_of("2"), created)).value();
    CHECK(read(first) == texts{"2", "2", "2"});
    CHECK(read(second) == texts{"2", "2", "2"});

    CHECK(count_between(first, "n", "z") == 0);
    CHECK(run_awaitable(second.remove("sessions", side, key_of("one"))).has_value());
    CHECK(read(first) == texts{"", "", ""});
    CHECK(read(second) == texts{"", "", ""});
    CHECK(count_between(first, "a", "z") == 0);
}

TEST_CASE("crud/sqlite/read_cache: a record that was written or read is not read again")
{
    two_stores on;
    auto& first = *on.first;
    auto& second = *on.second;
    const auto created = run_awaitable(first.create("sessions", side, document_of("1"))).value();
    CHECK(is_remembered(first));
    (void)read(second);
    CHECK(is_remembered(second));
    run_awaitable(second.update("sessions", side, document_of("2"), created)).value();
    CHECK(is_remembered(second));
    (void)read(first);
    CHECK(is_remembered(first));
}

TEST_CASE("crud/sqlite/read_cache: a record that was listed as changed is not read again")
{
    two_stores on;
    auto& first = *on.first;
    auto& second = *on.second;
    const auto created = run_awaitable(first.create("sessions", side, document_of("1"))).value();
    crud::changes_query heads;
    heads.needs_json = false;
    CHECK(run_awaitable(second.list_changes("sessions", side, heads))->records.size() == 1);
    CHECK_FALSE(is_remembered(second));
    run_awaitable(first.update("sessions", side, document_of("2"), created)).value();
    CHECK(run_awaitable(second.list_changes("sessions", side, {}))->records.size() == 1);
    CHECK(is_remembered(second));
    CHECK(read(second) == texts{"2", "2", "2"});
}

TEST_CASE("crud/sqlite/read_cache: a written record is remembered as the database has it")
{
    two_stores on;
    auto without_second = document_of("{}");
    without_second.secondary_key.clear();
    for (const auto& stored : {document_of("{}"), without_second}) {
        run_awaitable(on.first->create("sessions", side, stored)).value();
        const auto remembered = run_awaitable(on.first->get("sessions", side, key_of("one")));
        const auto read = run_awaitable(on.second->get("sessions", side, key_of("one")));
        CHECK(remembered->revision == read->revision);
        CHECK(remembered->document.summary == read->document.summary);
        CHECK(remembered->document.secondary_key == read->document.secondary_key);
        CHECK(remembered->document.sort_key == read->document.sort_key);
        CHECK(remembered->document.emsp == read->document.emsp);
        CHECK(remembered->document.contract == read->document.contract);
        CHECK(remembered->document.last_updated == read->document.last_updated);
        CHECK(run_awaitable(on.second->remove("sessions", side, key_of("one"))).has_value());
    }
}

}  // namespace read_cache_test
