#include "app/lease_table.hpp"

#include <doctest/doctest.h>

#include <chrono>

namespace lease_table_test {

using namespace ocpi;
using namespace ocpi::app;
using namespace std::chrono_literals;

namespace {

std::vector<crud::lease_entry> some_leases()
{
    crud::lease_entry held;
    held.name = "push/emp";
    held.holder = "host:4711:00ff";
    held.epoch = 12;
    held.age = 125s;
    held.left = 8450ms;
    crud::lease_entry expired = held;
    expired.name = "policies";
    expired.epoch = 1;
    expired.left = -3s;
    crud::lease_entry free;
    free.name = "clean-up";
    free.epoch = 3;
    return {free, expired, held};
}

}  // namespace

TEST_CASE("app/lease_table: a table has a head and columns of one width")
{
    CHECK(describe_leases(some_leases()) ==
          "NAME      HOLDER          EPOCH  AGE    LEFT\n"
          "clean-up  -               3      -      free\n"
          "policies  host:4711:00ff  1      2 min  expired\n"
          "push/emp  host:4711:00ff  12     2 min  8.4 s\n");
    CHECK(describe_leases({}) == "NAME  HOLDER  EPOCH  AGE  LEFT\n");
}

TEST_CASE("app/lease_table: the same as JSON")
{
    CHECK(leases_to_json(some_leases()) ==
          R"([{"name":"clean-up","holder":null,"epoch":3,"ageSeconds":null,"leftSeconds":null},)"
          R"({"name":"policies","holder":"host:4711:00ff","epoch":1,"ageSeconds":125.0,)"
          R"("leftSeconds":0.0},)"
          R"({"name":"push/emp","holder":"host:4711:00ff","epoch":12,"ageSeconds":125.0,)"
          R"("leftSeconds":8.4}])");
    CHECK(leases_to_json({}) == "[]");
}

TEST_CASE("app/lease_table: a time is told in one unit")
{
    CHECK(describe_duration(-1s) == "0.0 s");
    CHECK(describe_duration(59'950ms) == "59.9 s");
    CHECK(describe_duration(60s) == "1 min");
    CHECK(describe_duration(3h) == "3 h");
    CHECK(describe_duration(49h) == "2 d");
}

}  // namespace lease_table_test
