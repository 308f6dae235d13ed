#include "app/admin/metric_page.hpp"

#include <doctest/doctest.h>

#include <string>

namespace metric_page_test {

using ocpi::app::metric_page;

TEST_CASE("app/admin/metric_page: samples of one name follow one another")
{
    metric_page page;
    page.counter("a_total", "Things.", 1, {{"kind", "x"}});
    page.gauge("b_seconds", "Time.", 0.25);
    page.counter("a_total", "Things.", 2, {{"kind", "y"}});
    CHECK(page.text() ==
          "# HELP a_total Things.\n# TYPE a_total counter\n"
          "a_total{kind=\"x\"} 1\na_total{kind=\"y\"} 2\n"
          "# HELP b_seconds Time.\n# TYPE b_seconds gauge\nb_seconds 0.25\n");
}

TEST_CASE("app/admin/metric_page: a partner's name may hold any character")
{
    metric_page page;
    page.gauge("a", "A.", 1, {{"partner", "the \"best\"\\\n"}});
    CHECK(page.text().find(R"(a{partner="the \"best\"\\\n"} 1)") != std::string::npos);
}

TEST_CASE("app/admin/metric_page: buckets of a histogram are cumulative and end with all")
{
    ocpi::histogram sizes({1, 10});
    for (const double value : {1.0, 2.0, 3.0, 11.0}) sizes.add(value);
    metric_page page;
    page.histogram("size", "Sizes.", sizes.read());
    const auto text = page.text();
    CHECK(text.find("size_count 4\nsize_sum 17\n") != std::string::npos);
    CHECK(text.find("size_bucket{le=\"1\"} 1\nsize_bucket{le=\"10\"} 3\n"
                    "size_bucket{le=\"+Inf\"} 4\n") != std::string::npos);
}

}  // namespace metric_page_test
