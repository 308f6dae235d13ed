#pragma once

#include "crud/record_copy.hpp"
#include "crud/sqlite/backup.hpp"
#include "crud/sqlite/record_copy.hpp"
#include "crud/sqlite/sqlite_crud.hpp"
#include "tests/support/odd_records.hpp"
#include "tests/support/run_awaitable.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

/// Copies of a SQLite file to a store of any kind.
namespace ocpi::test {

/// Opens the store that is copied to, which is empty at first.
using sink_opener = std::function<std::unique_ptr<crud::record_sink>()>;

inline std::unique_ptr<crud::sqlite_crud> open_file(const std::string& path)
{
    crud::sqlite_options options;
    options.path = path;
    return std::make_unique<crud::sqlite_crud>(options);
}

inline crud::store_contents contents_of(const std::string& path, const std::string& backup)
{
    return crud::sqlite::back_up(path, backup, [](const auto&) {});
}

inline crud::store_contents copy(crud::record_source& from, crud::record_sink& to)
{
    return crud::copy_records("source", from, to, [](const auto&) {});
}

inline crud::store_contents copy(const std::string& from, const sink_opener& open_sink)
{
    const auto source = crud::sqlite::open_record_source(from);
    const auto sink = open_sink();
    return copy(*source, *sink);
}

/// Why a copy fails; `none` if it does not.
inline std::string failure_of(const std::string& from, const sink_opener& open_sink)
{
    try {
        copy(from, open_sink);
    } catch (const std::runtime_error& failure) {
        return failure.what();
    }
    return "none";
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

inline void interrupt_copy(const std::string& from, const sink_opener& open_sink, int batches)
{
    const auto source = crud::sqlite::open_record_source(from);
    const auto sink = open_sink();
    failing_source failing(*source, batches);
    CHECK_THROWS_WITH(copy(failing, *sink), "interrupted");
}

/// Copies 2,506 records to the end after copies that were interrupted earlier and later.
/// `check_unusable` is called after each of those.
inline crud::store_contents check_going_on(const std::string& from, const sink_opener& open_sink,
                                           const std::function<void()>& check_unusable)
{
    {
        const auto store = open_file(from);
        write_odd_records(*store);
        write_many_records(*store, 2500);
    }
    for (int batches = 0; batches <= 3; ++batches) {
        CAPTURE(batches);
        interrupt_copy(from, open_sink, batches);
        check_unusable();
    }
    std::uint64_t skipped = 0;
    const auto source = crud::sqlite::open_record_source(from);
    const auto sink = open_sink();
    auto copied = crud::copy_records("source", *source, *sink, [&](const auto& so_far) {
        skipped = std::max(skipped, so_far.skipped);
    });
    CHECK(skipped > 2000);
    CHECK(copied.records == 2506);
    return copied;
}

/// Copies five records after a copy of six was interrupted.
inline crud::store_contents copy_later_state(const std::string& from, const sink_opener& open_sink)
{
    write_odd_records(*open_file(from));
    interrupt_copy(from, open_sink, 1);
    REQUIRE(run_awaitable(open_file(from)->remove("tariffs", crud::interface_side::receiver,
                                                  crud::object_key("ES", "ABC", "S-1")))
                .has_value());
    return copy(from, open_sink);
}

}  // namespace ocpi::test
