// What holds for several processes on one file of SQLite, too: all but that one of them sends.

#include "tests/cluster/world.hpp"

#include <doctest/doctest.h>

#include <random>

namespace sqlite_test {

TEST_CASE("cluster/sqlite: two of three processes on one file are killed while they are written to")
{
    const ocpi::test::temporary_directory directory;
    const auto url = "sqlite:" + directory.file("sessions.db");
    const auto seed = std::random_device()();
    cluster::world all({{url, url, url}, url}, seed, false);
    for (const std::size_t each : {std::size_t{0}, std::size_t{1}}) {
        all.processes.kill(each);
        CHECK(all.callers->await_writes(50));
        all.processes.start(each);
        CHECK(all.callers->await_writes(50));
    }
    all.finish();
}

}  // namespace sqlite_test
