#include "crud/memory/memory_crud.hpp"

#include "tests/crud_contract/crud_contract.hpp"
#include "tests/support/run_awaitable.hpp"

#include <doctest/doctest.h>

#include <optional>
#include <string>

namespace memory_crud_test {

TEST_CASE("crud/memory/memory_crud: every promise of the port is kept")
{
    for (const auto& each : ocpi::crud::contract::contract_cases()) {
        CAPTURE(each.name);
        ocpi::crud::memory_crud crud;
        CHECK_NOTHROW(ocpi::test::run_awaitable(each.run(crud)));
    }
}

TEST_CASE("crud/memory/memory_crud: a page keeps to its bytes")
{
    using namespace ocpi;
    crud::memory_crud store;
    for (const char* id : {"1", "2", "3"}) {
        const crud::document made(crud::object_key("ES", "ABC", id), std::string(10, 'x'),
                                  date_time(), std::nullopt);
        REQUIRE(test::run_awaitable(store.create("sessions", crud::interface_side::sender, made))
                    .has_value());
    }
    crud::list_query list;
    list.max_bytes = 29;
    const auto page =
        test::run_awaitable(store.list("sessions", crud::interface_side::sender, list));
    CHECK(page->records.size() == 2);
    CHECK(page->total == 3);
    CHECK_FALSE(page->is_last_page);
}

}  // namespace memory_crud_test
