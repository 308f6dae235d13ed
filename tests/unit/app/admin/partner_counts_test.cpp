#include "app/admin/partner_counts.hpp"

#include <doctest/doctest.h>

namespace partner_counts_test {

using namespace ocpi;
using exchange::message_outcome;

TEST_CASE("app/admin/partner_counts: deliveries are counted by outcome, questions are not")
{
    app::partner_counts counts;
    counts.on_push("a", "PUT", message_outcome::acknowledged, {});
    counts.on_push("a", "PATCH", message_outcome::acknowledged, {});
    counts.on_push("a", "PATCH", message_outcome::rejected, {});
    counts.on_push("a", "GET", message_outcome::failed, {});
    counts.on_push("b", "PUT", message_outcome::failed, {});
    CHECK(counts.of("a").deliveries == std::array<std::uint64_t, 3>{2, 1, 0});
    CHECK(counts.of("b").deliveries == std::array<std::uint64_t, 3>{0, 0, 1});
    CHECK(counts.of("unknown").deliveries == std::array<std::uint64_t, 3>{0, 0, 0});
}

TEST_CASE("app/admin/partner_counts: pages add up, and only a complete run is a success")
{
    app::partner_counts counts;
    exchange::pull_summary page;
    page.applied = 3;
    page.invalid = 1;
    counts.on_pull("a", page);
    page.unchanged = 2;
    counts.on_pull("a", page);
    counts.on_pull_end("a", false);
    CHECK(counts.of("a").pulled.applied == 6);
    CHECK(counts.of("a").pulled.unchanged == 2);
    CHECK(counts.of("a").pulled.invalid == 2);
    CHECK_FALSE(counts.of("a").complete_pull);
    counts.on_pull_end("a", true);
    CHECK(counts.of("a").complete_pull.has_value());
}

}  // namespace partner_counts_test
