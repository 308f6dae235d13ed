// A database that crashes, and one whose standby takes over, while it is written to.

#include "tests/cluster/database.hpp"
#include "tests/cluster/world.hpp"

#include <doctest/doctest.h>

#include <optional>
#include <random>

namespace database_test {

using namespace cluster;

TEST_CASE("cluster/database: a crash of the server loses nothing, and all go on by themselves")
{
    database store;
    world all(store.urls(), std::random_device()());
    for (int round = 0; round < 2; ++round) {
        store.crash();
        // Callers are refused meanwhile.
        ocpi::test::ocpi_client client(all.processes.address(0), "your-token");
        std::optional<ocpi::test::wire_response> answer;
        CHECK(ocpi::test::eventually([&] {
            answer = client.request("GET", "/ocpi/cpo/2.3.0/sessions");
            return !answer || answer->status == 503;
        }));
        REQUIRE(answer);
        CHECK(answer->body.find("\"status_code\":3000") != std::string::npos);
        CHECK_FALSE(answer->header("Retry-After").empty());
        store.start();
        const auto begun = now();
        CHECK(all.callers->await_writes(50));
        MESSAGE("50 writes after a crash took ", now() - begun, " ms");
    }
    all.finish();
}

TEST_CASE("cluster/database: failover to a synchronous standby loses nothing")
{
    database store(database::kind::replicated);
    world all(store.urls(), std::random_device()());
    const auto begun = now();
    store.fail_over();
    CHECK(all.callers->await_writes(50));
    MESSAGE("50 writes from the failover on took ", now() - begun, " ms");
    all.finish();
}

}  // namespace database_test
