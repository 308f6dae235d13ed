#pragma once

#include "tests/support/store_calls.hpp"

#include <functional>
#include <memory>
#include <string>

/// What is checked alike of every store that outlives its process. The store is empty at first, and
/// each call of `open` opens it once more.
namespace ocpi::test {

using store_opener = std::function<std::unique_ptr<Crud>()>;

inline void check_opening_again(const store_opener& open)
{
    using namespace store_calls;
    crud::revision last = 0;
    {
        const auto crud = open();
        REQUIRE(create(*crud, "kept", R"({"kwh":41.00})").has_value());
        last = *create(*crud, "removed");
        REQUIRE(remove(*crud, "removed").has_value());
    }
    const auto crud = open();
    const auto kept = get(*crud, "kept");
    REQUIRE(kept.has_value());
    CHECK(kept->document.json == R"({"kwh":41.00})");
    CHECK(kept->revision == 1);
    CHECK(*create(*crud, "new") > last);
    CHECK(list(*crud)->total == 2);
    CHECK(*run_awaitable(crud->find_latest_revision()) == get(*crud, "new")->revision);
}

inline void check_sharing(const store_opener& open)
{
    using namespace store_calls;
    const auto one = open();
    const auto other = open();
    crud::revision last = 0;
    for (int i = 0; i < 20; ++i) {
        Crud& writing = i % 2 == 0 ? *one : *other;
        Crud& reading = i % 2 == 0 ? *other : *one;
        const auto made = create(writing, std::to_string(i));
        REQUIRE(made.has_value());
        CHECK(*made > last);
        last = *made;
        CHECK(get(reading, std::to_string(i))->revision == last);
    }
    const auto changed = update(*other, "0", 1);
    REQUIRE(changed.has_value());
    CHECK(code_of(update(*one, "0", 1)) == errc::conflict);
    CHECK(update(*one, "0", *changed).has_value());
}

}  // namespace ocpi::test
