#include "modules/sessions/settled_rank.hpp"

#include "crud/memory/memory_crud.hpp"
#include "tests/support/run_awaitable.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace settled_rank_test {

using namespace ocpi;
using namespace ocpi::sessions;
using test::run_awaitable;

namespace {

const auto second = parse_date_time("2026-01-02T03:04:05Z") -> value;
const auto later = parse_date_time("2026-01-02T03:04:05.678Z") -> value;

/// Three sessions that have settled, and three that await a reading.
struct ranked_store {
    crud::memory_crud crud;

    ranked_store()
    {
        for (const auto& rank :
             {settled_rank(second, "b"), settled_rank(later, "a"), settled_rank(second, "a"),
              awaiting_rank(later, "d"), awaiting_rank(second, "d"), awaiting_rank(second, "c")}) {
            crud::document document(crud::object_key("ES", "ABC", rank), "{}", second, {});
            document.sort_key = rank;
            REQUIRE(run_awaitable(crud.create("sessions", crud::interface_side::sender, document))
                        .has_value());
        }
    }

    std::vector<std::string> list(crud::sort_range range, std::uint64_t limit = 10)
    {
        crud::sorted_query query;
        query.range = std::move(range);
        query.limit = limit;
        const auto page =
            run_awaitable(crud.list_sorted("sessions", crud::interface_side::sender, query));
        std::vector<std::string> ranks;
        for (const auto& record : page->records) ranks.push_back(record.document.sort_key);
        return ranks;
    }
};

}  // namespace

TEST_CASE("modules/sessions/settled_rank: a rank is in the order of time, and then of ids")
{
    CHECK(settled_rank(second, "b") == "2026-01-02T03:04:05.000Z/b");
    CHECK(settled_rank(later, "a") == "2026-01-02T03:04:05.678Z/a");
    CHECK(settled_rank(second, "b") < settled_rank(later, "a"));
    CHECK(settled_rank(second, "a") < settled_rank(second, "b"));
}

TEST_CASE("modules/sessions/settled_rank: a session that awaits its final reading has not settled")
{
    CHECK(is_settled_rank(settled_rank(second, "a")));
    CHECK_FALSE(is_settled_rank(awaiting_rank(second, "a")));
    CHECK_FALSE(is_settled_rank(""));
}

TEST_CASE("modules/sessions/settled_rank: lists of settled sessions hold none that await a reading")
{
    ranked_store store;
    const std::vector<std::string> all{settled_rank(later, "a"), settled_rank(second, "b"),
                                       settled_rank(second, "a")};
    CHECK(store.list(all_settled()) == all);
    CHECK(store.list(all_settled(), 1) == std::vector<std::string>{all[0]});
    CHECK(store.list(settled_below(all[0])) == std::vector<std::string>{all[1], all[2]});
    CHECK(store.list(settled_below(all[2])).empty());
    CHECK(store.list(settled_above(all[2])) == std::vector<std::string>{all[0], all[1]});
    CHECK(store.list(settled_above(all[2]), 1) == std::vector<std::string>{all[1]});
}

TEST_CASE("modules/sessions/settled_rank: those that await a reading are found by when they ended")
{
    ranked_store store;
    CHECK(store.list(awaiting_since(later)) ==
          std::vector<std::string>{awaiting_rank(later, "d"), awaiting_rank(second, "d"),
                                   awaiting_rank(second, "c")});
    CHECK(store.list(awaiting_since(second)) ==
          std::vector<std::string>{awaiting_rank(second, "d"), awaiting_rank(second, "c")});
    CHECK(store.list(awaiting_since(date_time(second.instant() - std::chrono::milliseconds(1))))
              .empty());
}

}  // namespace settled_rank_test
