#include "crud/sqlite/write_transaction.hpp"

#include "crud/sqlite/database.hpp"
#include "crud/sqlite/migrations.hpp"
#include "tests/support/temporary_directory.hpp"

#include <doctest/doctest.h>

#include <memory>

namespace write_transaction_test {

using namespace ocpi;
using namespace ocpi::crud;
using namespace ocpi::crud::sqlite;

namespace {

struct file_fixture {
    const test::temporary_directory directory;
    database_options options;
    std::unique_ptr<database> connection;

    file_fixture()
    {
        options.path = directory.file("store.db");
        connection = std::make_unique<database>(options);
        migrate(*connection);
    }

    /// Counts some changes in a transaction; returns the revision of the last.
    static revision change(database& through, int count)
    {
        write_transaction in(through);
        for (int i = 0; i < count; ++i) {
            const auto next = in.next_revision();
            CHECK(in.count_revision() == next);
        }
        const auto last = in.next_revision() - 1;
        in.commit();
        return last;
    }
};

}  // namespace

TEST_CASE_FIXTURE(file_fixture,
                  "crud/sqlite/write_transaction: two processes share the numbers of a database")
{
    database other(options);
    CHECK(change(*connection, 3) == 3);
    CHECK(change(other, 2) == 5);
    CHECK(change(*connection, 0) == 5);
    CHECK(change(*connection, 1) == 6);
    CHECK(read_latest_numbers(other).revision == 6);
}

TEST_CASE_FIXTURE(file_fixture,
                  "crud/sqlite/write_transaction: what is rolled back gives no numbers")
{
    {
        write_transaction abandoned(*connection);
        abandoned.count_revision();
        abandoned.count_sequence();
        connection->numbers().add_module("sessions");
    }
    CHECK(read_latest_numbers(*connection) == latest_numbers());
    CHECK(connection->numbers().find_module("sessions") == names::unknown);
    CHECK(change(*connection, 1) == 1);
}

}  // namespace write_transaction_test
