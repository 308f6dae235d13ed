// The SQLite store upon files that fail at each step in turn.

#include "crud/sqlite/database.hpp"
#include "crud/sqlite/sqlite_crud.hpp"
#include "crud/sqlite/statement.hpp"
#include "tests/support/faulty_vfs.hpp"
#include "tests/support/recording_logger.hpp"
#include "tests/support/run_awaitable.hpp"
#include "tests/support/store_ledger.hpp"
#include "tests/support/temporary_directory.hpp"

#include <doctest/doctest.h>

#include <array>
#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <random>
#include <string>

namespace sqlite_faults_test {

using namespace ocpi;
using test::faulty_vfs;
using test::file_fault;
using test::file_step;
using test::store_ledger;

namespace {

/// In memory where there is such a file system: the disk is simulated.
struct files {
    const test::temporary_directory directory;
    const unsigned seed;
    faulty_vfs vfs;
    std::shared_ptr<test::recording_logger> log = std::make_shared<test::recording_logger>();
    crud::sqlite_options options;

    explicit files(unsigned random) : seed(random), vfs(random)
    {
        options.path = directory.file("store.db");
        options.reader_threads = 2;
        options.checkpoint_pages = 6;
        options.vfs = vfs.name();
        options.logger = log;
    }

    std::unique_ptr<Crud> open() const { return std::make_unique<crud::sqlite_crud>(options); }

    crud::sqlite::database open_beside() const
    {
        crud::sqlite::database_options beside;
        beside.path = options.path;
        beside.vfs = options.vfs;
        return crud::sqlite::database(beside);
    }

    /// What is wrong with the files, as the next start finds them; empty when all is well.
    std::string find_damage(const store_ledger& ledger)
    {
        {
            auto beside = open_beside();
            crud::sqlite::query check(beside, "PRAGMA integrity_check");
            check.step();
            if (check.text(0) != "ok") return check.text(0);
        }
        const auto store = open();
        auto difference = ledger.find_difference(*store);
        auto further = ledger;
        if (difference.empty() && !further.put(*store, "last", "x")) difference = "no writes";
        if (difference.empty()) difference = further.find_difference(*store);
        return difference;
    }
};

/// Three records in a file that has been closed.
void prepare(const files& of, store_ledger& ledger)
{
    const auto store = of.open();
    for (const char* id : {"a", "b", "c"}) REQUIRE(ledger.put(*store, id, std::string(500, *id)));
}

/// Creates, updates, removes and lists, small and large; the log is copied several times.
void play(Crud& store, store_ledger& ledger)
{
    ledger.put(store, "a", "changed");
    ledger.put(store, "d", "new");
    test::run_awaitable(store.list("sessions", crud::interface_side::sender, crud::list_query()));
    ledger.put(store, "e", std::string(30'000, 'e'));
    ledger.remove(store, "b");
    ledger.put(store, "e", "smaller");
    ledger.put(store, "a", std::string(9'000, 'A'));
    ledger.remove(store, "d");
    ledger.put(store, "f", "last but one");
}

struct failing_step {
    const char* name;
    file_step step;
    file_fault fault;
    std::size_t stride;
};

constexpr std::array failing_steps{
    failing_step{"open", file_step::open, file_fault::io_error, 1},
    failing_step{"read", file_step::read, file_fault::io_error, 5},
    failing_step{"write", file_step::write, file_fault::io_error, 7},
    failing_step{"write to a full disk", file_step::write, file_fault::disk_full, 7},
    failing_step{"short write", file_step::write, file_fault::short_write, 7},
    failing_step{"truncate", file_step::truncate, file_fault::io_error, 1},
    failing_step{"fsync", file_step::synchronise, file_fault::io_error, 1},
    failing_step{"remove", file_step::remove, file_fault::io_error, 1},
    failing_step{"map the index", file_step::map_index, file_fault::io_error, 1},
};

/// Returns when the writer has nothing left to do, the copying of the log included.
void await_writer(Crud& store, store_ledger& ledger)
{
    REQUIRE(ledger.remove(store, "never written"));
}

enum class ending { close, close_while_failing, cut_power };

/// One life of a store whose step number `at` fails. False when there is no such step.
bool survive(const failing_step& failing, std::size_t at, bool is_lasting, ending end,
             unsigned seed)
{
    INFO(std::string(failing.name), " number ", at, is_lasting ? ", lasting" : "", ", ending ",
         static_cast<int>(end));
    files on_disk(seed);
    store_ledger ledger;
    prepare(on_disk, ledger);
    on_disk.vfs.plan(failing.step, at, failing.fault, is_lasting);
    std::unique_ptr<Crud> store;
    try {
        store = on_disk.open();
        play(*store, ledger);
    } catch (const std::runtime_error& refused) {
        const std::string why = refused.what();
        CHECK_MESSAGE(why.find("cannot use the database") != std::string::npos, why);
    }
    const auto retried_at_start = store ? 0 : on_disk.vfs.retried_synchronisations();
    if (end == ending::close_while_failing) store.reset();
    const bool has_failed = on_disk.vfs.has_failed();
    on_disk.vfs.heal();
    if (!store) store = on_disk.open();
    INFO(on_disk.log->text());
    CHECK(ledger.put(*store, "after", "the fault has ended"));
    CHECK(ledger.put(*store, "a", std::string(20'000, 'z')));
    CHECK(ledger.find_difference(*store) == "");
    if (end == ending::cut_power) on_disk.vfs.cut_power();
    store.reset();
    if (end == ending::cut_power) on_disk.vfs.restore();
    // A start that fails, and ends the process, leaves SQLite to undo what it began.
    CHECK(on_disk.vfs.retried_synchronisations() == retried_at_start);
    CHECK(on_disk.find_damage(ledger) == "");
    return has_failed;
}

}  // namespace

TEST_CASE("faults/sqlite: what is acknowledged survives whichever step of a file fails")
{
    const auto seed = std::random_device()();
    MESSAGE("seed ", seed);
    for (const auto& failing : failing_steps) {
        unsigned runs = 0;
        std::size_t at = 1 + seed % failing.stride;
        const auto end_of = [](unsigned number) { return static_cast<ending>(number % 3); };
        while (survive(failing, at, runs % 2 == 0, end_of(runs + seed), seed + runs)) {
            at += failing.stride;
            ++runs;
        }
        MESSAGE(std::string(failing.name), ": ", runs, " runs");
    }
}

TEST_CASE("faults/sqlite: what half a checkpoint has copied is copied again after a failed fsync")
{
    const auto seed = std::random_device()();
    MESSAGE("seed ", seed);
    for (unsigned round = 0; round < 8; ++round) {
        files on_disk(seed + round);
        on_disk.options.checkpoint_pages = 150;
        store_ledger ledger;
        auto store = on_disk.open();
        // Pages that no later write touches.
        REQUIRE(ledger.put(*store, "a", std::string(200'000, 'a')));
        {
            auto beside = on_disk.open_beside();
            beside.execute("BEGIN");
            crud::sqlite::query snapshot(beside, "SELECT count(*) FROM record");
            REQUIRE(snapshot.step());
            // The log is copied up to the snapshot, and the database not synchronised.
            REQUIRE(ledger.put(*store, "large", std::string(600'000, 'x')));
            await_writer(*store, ledger);
        }
        on_disk.vfs.plan_synchronising(on_disk.options.path, file_fault::io_error);
        REQUIRE(ledger.put(*store, "d", std::string(600'000, 'd')));
        // Copied in vain by now or a little later; then again, and the log begins at its start.
        const auto is_told = [&] {
            return on_disk.log->text().find("copying the log into") != std::string::npos;
        };
        for (int i = 0; i < 10'000 && !is_told(); ++i) REQUIRE(ledger.put(*store, "e", "after"));
        REQUIRE(ledger.put(*store, "f", std::string(600'000, 'f')));
        for (const char* id : {"g", "h", "i"}) REQUIRE(ledger.put(*store, id, "after"));
        await_writer(*store, ledger);
        CHECK(on_disk.vfs.has_failed());
        CHECK(is_told());
        CHECK(on_disk.vfs.retried_synchronisations() == 0);
        on_disk.vfs.cut_power();
        store.reset();
        on_disk.vfs.restore();
        CHECK(on_disk.find_damage(ledger) == "");
    }
}

}  // namespace sqlite_faults_test
