#include "crud/sqlite/record_copy.hpp"

#include "crud/sqlite/backup.hpp"
#include "crud/sqlite/sqlite_crud.hpp"
#include "tests/support/odd_records.hpp"
#include "tests/support/run_awaitable.hpp"
#include "tests/support/temporary_directory.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>

namespace sqlite_record_copy_test {

using namespace ocpi;
using crud::interface_side;
using test::run_awaitable;
namespace fs = std::filesystem;

namespace {

std::unique_ptr<crud::sqlite_crud> open(const std::string& path)
{
    crud::sqlite_options options;
    options.path = path;
    return std::make_unique<crud::sqlite_crud>(options);
}

crud::store_contents copy(const std::string& from, const std::string& to)
{
    const auto source = crud::sqlite::open_record_source(from);
    const auto sink = crud::sqlite::open_record_sink(to);
    return crud::copy_records(from, *source, *sink, [](const auto&) {});
}

crud::store_contents contents_of(const std::string& path, const std::string& backup)
{
    return crud::sqlite::back_up(path, backup, [](const auto&) {});
}

/// Fails when so many batches have been read.
class failing_source final : public crud::record_source {
public:
    failing_source(crud::record_source& of, int batches) : of_(of), batches_(batches) {}

    crud::store_numbers latest() override { return of_.latest(); }
    std::uint64_t count() override { return of_.count(); }
    std::vector<crud::stored_record> read() override
    {
        if (--batches_ < 0) throw std::runtime_error("interrupted");
        return of_.read();
    }

private:
    crud::record_source& of_;
    int batches_;
};

std::string failure_of(const std::string& from, const std::string& to)
{
    try {
        copy(from, to);
    } catch (const std::runtime_error& failure) {
        return failure.what();
    }
    return "none";
}

}  // namespace

TEST_CASE(
    "crud/sqlite/record_copy: a copy has the same contents as a backup, and goes on from there")
{
    const test::temporary_directory directory;
    const auto from = directory.file("from.db");
    const auto to = directory.file("to.db");
    test::write_odd_records(*open(from));
    const auto copied = copy(from, to);
    CHECK(copied == contents_of(from, directory.file("a")));
    CHECK(copied == contents_of(to, directory.file("b")));
    CHECK_FALSE(fs::exists(to + ".migrating"));

    const auto store = open(to);
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
    const auto from = directory.file("from.db");
    const auto to = directory.file("to.db");
    {
        const auto store = open(from);
        test::write_odd_records(*store);
        test::write_many_records(*store, 2500);
    }
    for (int batches = 0; batches <= 3; ++batches) {
        CAPTURE(batches);
        const auto source = crud::sqlite::open_record_source(from);
        const auto sink = crud::sqlite::open_record_sink(to);
        failing_source failing(*source, batches);
        CHECK_THROWS_WITH(crud::copy_records(from, failing, *sink, [](const auto&) {}),
                          "interrupted");
        CHECK_FALSE(fs::exists(to));
    }
    std::uint64_t skipped = 0;
    crud::store_contents copied;
    {
        const auto source = crud::sqlite::open_record_source(from);
        const auto sink = crud::sqlite::open_record_sink(to);
        copied = crud::copy_records(from, *source, *sink, [&](const auto& so_far) {
            skipped = std::max(skipped, so_far.skipped);
        });
    }
    CHECK(skipped > 2000);
    CHECK(copied == contents_of(to, directory.file("a")));
}

TEST_CASE("crud/sqlite/record_copy: what an interrupted copy of another state has left is removed")
{
    const test::temporary_directory directory;
    const auto from = directory.file("from.db");
    const auto to = directory.file("to.db");
    test::write_odd_records(*open(from));
    {
        const auto source = crud::sqlite::open_record_source(from);
        const auto sink = crud::sqlite::open_record_sink(to);
        failing_source failing(*source, 1);
        CHECK_THROWS(crud::copy_records(from, failing, *sink, [](const auto&) {}));
    }
    REQUIRE(run_awaitable(open(from)->remove("tariffs", interface_side::receiver,
                                             crud::object_key("ES", "ABC", "S-1")))
                .has_value());
    const auto copied = copy(from, to);
    CHECK(copied == contents_of(to, directory.file("a")));
}

TEST_CASE("crud/sqlite/record_copy: a file that a server has open, or that is there, is refused")
{
    const test::temporary_directory directory;
    const auto from = directory.file("from.db");
    const auto to = directory.file("to.db");
    {
        const auto store = open(from);
        CHECK(failure_of(from, to) ==
              "a server or another program has " + from + " open: stop it first");
    }
    {
        const auto source = crud::sqlite::open_record_source(from);
        CHECK_THROWS(open(from));
    }
    open(to);
    CHECK(failure_of(from, to) == to + " exists; it is not replaced");
}

}  // namespace sqlite_record_copy_test
