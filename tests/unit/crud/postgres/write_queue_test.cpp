#include "crud/postgres/write_queue.hpp"

#include "tests/support/run_awaitable.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <thread>

namespace write_queue_test {

using namespace ocpi;
using namespace crud::postgres;

namespace {

/// Far longer than any test takes: a wait that ends has another reason.
constexpr std::chrono::hours never{1};

/// A removal whose answer nobody waits for.
waiting_write make_write()
{
    crud::postgres::write removal{
        "sessions", remove_record{crud::object_key("ES", "ABC", "1")}, {}};
    return {std::move(removal), completion<result<write_answer>>([](auto) {})};
}

}  // namespace

TEST_CASE("crud/postgres/write_queue: a wait for several writes ends with the last of them")
{
    write_queue queue(10);
    queue.push(make_write());
    std::thread other([&] {
        for (int i = 0; i < 2; ++i) queue.push(make_write());
    });
    test::run_awaitable(queue.wait_for(3, never));
    CHECK(queue.size() == 3);
    other.join();
}

TEST_CASE("crud/postgres/write_queue: a wait for more writes than come ends after its time")
{
    write_queue queue(10);
    queue.push(make_write());
    test::run_awaitable(queue.wait_for(2, std::chrono::microseconds(100)));
    CHECK(queue.size() == 1);
}

TEST_CASE("crud/postgres/write_queue: closing ends a wait, and the writes within are still taken")
{
    write_queue queue(10);
    queue.push(make_write());
    std::thread other([&] { queue.close(); });
    test::run_awaitable(queue.wait_for(2, never));
    other.join();
    CHECK(queue.take(10, 1'000'000).size() == 1);
}

}  // namespace write_queue_test
