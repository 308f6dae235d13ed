#include "http/request_observer.hpp"

#include "tests/support/recording_observer.hpp"

#include <doctest/doctest.h>

#include <memory>

namespace request_observer_test {

using namespace ocpi;

TEST_CASE("http/request_observer: several observers are told as one, and none is none")
{
    CHECK_FALSE(http::join_observers({}));
    const auto first = std::make_shared<test::recording_observer>();
    CHECK(http::join_observers({first}) == first);
    const auto second = std::make_shared<test::recording_observer>();
    http::request_report report;
    report.status = 204;
    http::join_observers({first, second})->on_finished(report);
    REQUIRE(first->await(1).size() == 1);
    REQUIRE(second->await(1).size() == 1);
    CHECK(second->await(1)[0].status == 204);
}

TEST_CASE("http/request_observer: methods are of a fixed set")
{
    CHECK(http::known_method("PATCH") == "PATCH");
    CHECK(http::known_method("BREW") == "other");
    CHECK(http::known_method("get") == "other");
    CHECK(http::known_method("").empty());
}

}  // namespace request_observer_test
