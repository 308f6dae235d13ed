#include "modules/exchange/served_states.hpp"

#include <doctest/doctest.h>

#include <string>

namespace served_states_test {

using namespace ocpi;
using namespace ocpi::exchange;

namespace {

session_state state(crud::revision revision, int minute)
{
    return {revision, date_time::from_milliseconds(minute * 60'000)};
}

}  // namespace

TEST_CASE("modules/exchange/served_states: what was acknowledged and read is one state")
{
    served_states served(10);
    CHECK(served.is_certain("E", "S", state(5, 5)));
    served.note("E", "S", state(5, 5));
    CHECK(served.is_certain("E", "S", state(5, 5)));
    served.note("E", "S", state(6, 6));
    CHECK_FALSE(served.is_certain("E", "S", state(5, 5)));
    CHECK(served.is_certain("E", "T", state(5, 5)));
    CHECK(served.is_certain("F", "S", state(5, 5)));
}

TEST_CASE("modules/exchange/served_states: an older state does harm only at the same last_updated")
{
    served_states served(10);
    served.note("E", "S", state(4, 5));
    CHECK(served.is_certain("E", "S", state(5, 6)));
    CHECK_FALSE(served.is_certain("E", "S", state(5, 5)));
    served.acknowledge("E", "S", state(5, 5));
    CHECK(served.size() == 1);
    CHECK_FALSE(served.is_certain("E", "S", state(5, 5)));
    served.acknowledge("E", "S", state(6, 6));
    CHECK(served.size() == 0);
}

TEST_CASE("modules/exchange/served_states: a PATCH is overtaken by what it does not tell of")
{
    served_states served(10);
    served.note("E", "S", state(5, 5));
    served.note("E", "S", state(7, 7));
    CHECK_FALSE(served.is_overtaken("E", "S", state(5, 5), state(7, 7)));
    served.note("E", "S", state(8, 8));
    CHECK_FALSE(served.is_overtaken("E", "S", state(5, 5), state(7, 7)));
    served.note("E", "S", state(6, 6));
    CHECK(served.is_overtaken("E", "S", state(5, 5), state(7, 7)));
}

TEST_CASE("modules/exchange/served_states: of many states of a session the latest instant is kept")
{
    served_states served(10);
    for (int i = 1; i <= 9; ++i) served.note("E", "S", state(static_cast<crud::revision>(i), i));
    CHECK(served.size() == 1);
    CHECK_FALSE(served.is_certain("E", "S", state(9, 9)));
    CHECK(served.is_certain("E", "S", state(10, 10)));
}

TEST_CASE("modules/exchange/served_states: what is too much is summed up for that eMSP alone")
{
    served_states served(4);
    served.note("F", "S", state(1, 1));
    for (int i = 1; i <= 4; ++i) served.note("E", std::to_string(i), state(3, i));
    CHECK(served.size() == 1);
    CHECK_FALSE(served.is_certain("E", "1", state(3, 1)));
    CHECK_FALSE(served.is_certain("E", "never read", state(2, 4)));
    CHECK(served.is_certain("E", "1", state(4, 5)));
    CHECK(served.is_certain("F", "S", state(1, 1)));
    CHECK(served.is_certain("F", "never read", state(1, 1)));
}

}  // namespace served_states_test
