#include "crud/sqlite/record_copy.hpp"

#include "crud/sqlite/sqlite_crud.hpp"
#include "tests/support/odd_records.hpp"
#include "tests/support/record_copies.hpp"
#include "tests/support/run_awaitable.hpp"
#include "tests/support/temporary_directory.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <optional>
#include <string>

namespace sqlite_record_copy_test {

using namespace ocpi;
using crud::interface_side;
using test::contents_of;
using test::copy;
using test::failure_of;
using test::open_file;
using test::run_awaitable;
namespace fs = std::filesystem;

namespace {

test::sink_opener sink_at(const std::string& path)
{
    return [path] { return crud::sqlite::open_record_sink(path); };
}

}  // namespace

TEST_CASE(
    "crud/sqlite/record_copy: a copy has the same contents as a backup, and goes on from there")
{
    const test::temporary_directory directory;
    const auto from = directory.file("from.db");
    const auto to = directory.file("to.db");
    test::write_odd_records(*open_file(from));
    const auto copied = copy(from, sink_at(to));
    CHECK(copied == contents_of(from, directory.file("a")));
    CHECK(copied == contents_of(to, directory.file("b")));
    CHECK_FALSE(fs::exists(to + ".migrating"));

    const auto store = open_file(to);
    const auto page =
        run_awaitable(store->list("sessions", interface_side::receiver, crud::list_query{}));
    REQUIRE(page.has_value());
    CHECK(page->total == 3);
    CHECK(page->as_of == copied.last_revision);
    CHECK(page->records.front().document.json == test::odd_records().front().second.json);
    crud::search_query search;
    search.ranges = {{"LIVE", std::nullopt, std::nullopt}};
    search.text = "nl-tnm";
    const auto found = run_awaitable(store->search("sessions", interface_side::receiver, search));
    REQUIRE(found.has_value());
    CHECK(found->records.size() == 1);
    const crud::document next(crud::object_key("ES", "ABC", "next"), "{}", date_time(),
                              std::nullopt);
    const auto created = run_awaitable(store->create("sessions", interface_side::receiver, next));
    REQUIRE(created.has_value());
    CHECK(*created == copied.last_revision + 1);
    const auto last =
        run_awaitable(store->list("sessions", interface_side::receiver, crud::list_query{}));
    CHECK(last->records.back().document.key == next.key);
}

TEST_CASE("crud/sqlite/record_copy: wherever a copy is interrupted, the next one goes on")
{
    const test::temporary_directory directory;
    const auto to = directory.file("to.db");
    const auto copied = test::check_going_on(directory.file("from.db"), sink_at(to),
                                             [&] { CHECK_FALSE(fs::exists(to)); });
    CHECK(copied == contents_of(to, directory.file("a")));
}

TEST_CASE("crud/sqlite/record_copy: what an interrupted copy of another state has left is removed")
{
    const test::temporary_directory directory;
    const auto to = directory.file("to.db");
    const auto copied = test::copy_later_state(directory.file("from.db"), sink_at(to));
    CHECK(copied.records == 5);
    CHECK(copied == contents_of(to, directory.file("a")));
}

TEST_CASE("crud/sqlite/record_copy: an unfinished copy of another source is refused")
{
    const test::temporary_directory directory;
    const auto to = directory.file("to.db");
    (void)crud::sqlite::open_record_sink(to)->begin({"first", {3, 2}});
    const auto second = crud::sqlite::open_record_sink(to);
    CHECK_THROWS_WITH(second->begin({"second", {3, 2}}),
                      doctest::Contains("is an unfinished copy of first: finish that one first"));
    CHECK(second->begin({"first", {4, 2}}) == 0);
}

TEST_CASE("crud/sqlite/record_copy: a file that a server has open, or that is there, is refused")
{
    const test::temporary_directory directory;
    const auto from = directory.file("from.db");
    const auto to = directory.file("to.db");
    {
        const auto store = open_file(from);
        CHECK(failure_of(from, sink_at(to)) ==
              "a server or another program has " + from + " open: stop it first");
    }
    {
        const auto source = crud::sqlite::open_record_source(from);
        CHECK_THROWS(open_file(from));
    }
    open_file(to);
    CHECK(failure_of(from, sink_at(to)) == to + " exists; it is not replaced");
}

}  // namespace sqlite_record_copy_test
