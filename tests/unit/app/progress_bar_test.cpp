#include "app/progress_bar.hpp"

#include <doctest/doctest.h>

namespace progress_bar_test {

using namespace ocpi::app;

TEST_CASE("app/progress_bar: is as full as the work is done, and full when there is none")
{
    CHECK(draw_bar(0, 10, 10) == "[..........]");
    CHECK(draw_bar(3, 10, 10) == "[###.......]");
    CHECK(draw_bar(10, 10, 10) == "[##########]");
    CHECK(draw_bar(12, 10, 10) == "[##########]");
    CHECK(draw_bar(0, 0, 4) == "[####]");
    CHECK(percent_of(0, 0) == "100%");
    CHECK(percent_of(199, 200) == "99%");
}

}  // namespace progress_bar_test
