#include "modules/sessions/session_cache.hpp"

#include <doctest/doctest.h>

#include <string>

namespace session_cache_test {

using namespace ocpi;
using sessions::known_session;

namespace {

known_session session_of(crud::revision revision, std::size_t bytes)
{
    return known_session(crud::object_key("BE", "BEC", "1"), revision, std::string(bytes, 'x'));
}

}  // namespace

TEST_CASE("modules/sessions/session_cache: the latest state of a session is remembered")
{
    sessions::session_cache recent(100'000);
    CHECK_FALSE(recent.find("a"));
    recent.remember("a", session_of(1, 10));
    recent.remember("a", session_of(2, 20));
    REQUIRE(recent.find("a"));
    CHECK(recent.find("a")->revision == 2);
    CHECK(recent.find("a")->json.size() == 20);
}

TEST_CASE("modules/sessions/session_cache: the sessions written longest ago make room for others")
{
    sessions::session_cache recent(20'000);
    for (crud::revision number = 1; number <= 100; ++number) {
        recent.remember(std::to_string(number), session_of(number, 1000));
        recent.remember("always", session_of(number, 1000));
    }
    CHECK_FALSE(recent.find("1"));
    CHECK_FALSE(recent.find("80"));
    CHECK(recent.find("100"));
    CHECK(recent.find("always"));
}

TEST_CASE(
    "modules/sessions/session_cache: a session that would push out many others is not remembered")
{
    sessions::session_cache recent(20'000);
    recent.remember("small", session_of(1, 100));
    recent.remember("grown", session_of(2, 100));
    recent.remember("grown", session_of(3, 10'000));
    CHECK(recent.find("small"));
    CHECK_FALSE(recent.find("grown"));
}

}  // namespace session_cache_test
