#include "crud/sqlite/revision_counter.hpp"

#include "crud/sqlite/database.hpp"
#include "crud/sqlite/migrations.hpp"
#include "crud/sqlite/transaction.hpp"
#include "tests/support/temporary_directory.hpp"

#include <doctest/doctest.h>

#include <memory>

namespace revision_counter_test {

using namespace ocpi;
using namespace ocpi::crud;
using namespace ocpi::crud::sqlite;

namespace {

struct counter_fixture {
    const test::temporary_directory directory;
    database_options options;
    std::unique_ptr<database> connection;

    counter_fixture()
    {
        options.path = directory.file("store.db");
        connection = std::make_unique<database>(options);
        migrate(*connection);
    }

    /// Counts some changes in a transaction; returns the revision of the last.
    static revision change(database& through, revision_counter& revisions, int count)
    {
        transaction changes(through, transaction::kind::write);
        revisions.load();
        for (int i = 0; i < count; ++i) {
            const auto next = revisions.next();
            CHECK(revisions.count() == next);
        }
        const auto last = revisions.next() - 1;
        revisions.save();
        changes.commit();
        return last;
    }
};

}  // namespace

TEST_CASE_FIXTURE(counter_fixture,
                  "crud/sqlite/revision_counter: two processes share the numbers of a database")
{
    revision_counter here(*connection);
    database other(options);
    revision_counter there(other);
    CHECK(change(*connection, here, 3) == 3);
    CHECK(change(other, there, 2) == 5);
    CHECK(change(*connection, here, 0) == 5);
    CHECK(change(*connection, here, 1) == 6);
    CHECK(read_last_revision(other) == 6);
}

TEST_CASE_FIXTURE(
    counter_fixture,
    "crud/sqlite/revision_counter: a transaction that is rolled back gives no numbers")
{
    revision_counter revisions(*connection);
    {
        transaction abandoned(*connection, transaction::kind::write);
        revisions.load();
        revisions.count();
        revisions.save();
    }
    CHECK(change(*connection, revisions, 1) == 1);
}

}  // namespace revision_counter_test
