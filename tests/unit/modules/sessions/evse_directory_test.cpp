#include "modules/sessions/evse_directory.hpp"

#include "tests/support/run_awaitable.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace evse_directory_test {

using namespace ocpi;
using namespace ocpi::sessions;

namespace {

configured_evse entry(const char* location_id, const char* evse_uid, const char* name)
{
    configured_evse made;
    made.owner = party("ES", "ABC");
    made.location_id = location_id;
    made.evse_uid = evse_uid;
    made.evse.time_zone = name;  // tells the entries apart
    return made;
}

std::string find(configured_evse_directory& directory, const party& owner, const char* location_id,
                 const char* evse_uid)
{
    const auto found = test::run_awaitable(directory.find(owner, location_id, evse_uid));
    REQUIRE(found.has_value());
    return *found ? (*found)->time_zone : "none";
}

}  // namespace

TEST_CASE(
    "modules/sessions/evse_directory: the most exact entry counts, in whatever order they stand")
{
    const party own("ES", "ABC");
    std::vector<configured_evse> entries{entry("*", "*", "any"), entry("*", "E1", "any E1"),
                                         entry("L1", "*", "L1"), entry("L1", "E1", "L1 E1"),
                                         entry("L1", "E1", "a second one")};
    for (int turn = 0; turn < 2; ++turn) {
        configured_evse_directory directory(entries);
        CHECK(find(directory, own, "L1", "E2") == "L1");
        CHECK(find(directory, own, "L2", "E1") == "any E1");
        CHECK(find(directory, own, "L2", "E2") == "any");
        CHECK(find(directory, own, "L1", "E1") == (turn == 0 ? "L1 E1" : "a second one"));
        std::reverse(entries.begin(), entries.end());
    }
}

TEST_CASE("modules/sessions/evse_directory: ids and parties compare without regard to case")
{
    configured_evse_directory directory({entry("Loc", "Evse", "found")});
    CHECK(find(directory, party("es", "abc"), "LOC", "eVSE") == "found");
}

TEST_CASE("modules/sessions/evse_directory: an EVSE that no entry is for is not known")
{
    configured_evse_directory directory({entry("L1", "E1", "found")});
    CHECK(find(directory, party("ES", "XYZ"), "L1", "E1") == "none");
    CHECK(find(directory, party("ES", "ABC"), "L2", "E1") == "none");
    CHECK(find(directory, party("ES", "ABC"), "L1", "E2") == "none");
    configured_evse_directory nothing({});
    CHECK(find(nothing, party("ES", "ABC"), "L1", "E1") == "none");
}

}  // namespace evse_directory_test
