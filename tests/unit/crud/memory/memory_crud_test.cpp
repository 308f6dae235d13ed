#include "crud/memory/memory_crud.hpp"

#include "tests/crud_contract/crud_contract.hpp"
#include "tests/support/run_awaitable.hpp"

#include <doctest/doctest.h>

TEST_CASE("crud/memory: every promise of the port is kept")
{
    for (const auto& each : ocpi::crud::contract::contract_cases()) {
        CAPTURE(each.name);
        ocpi::crud::memory_crud crud;
        CHECK_NOTHROW(ocpi::test::run_awaitable(each.run(crud)));
    }
}
