#include "crud/sqlite/job_queue.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <memory>
#include <thread>

namespace job_queue_test {

using namespace ocpi;
using namespace ocpi::crud::sqlite;

namespace {

class idle_job final : public job {
public:
    void run(database&) override {}
    void complete() override {}
    void fail(const error&) override {}
};

/// Far longer than any test takes: a wait that ends has another reason.
constexpr std::chrono::hours never{1};

}  // namespace

TEST_CASE("crud/sqlite/job_queue: a wait for several jobs ends with the last of them")
{
    job_queue queue(10);
    queue.push(std::make_unique<idle_job>());
    std::thread other([&] {
        for (int i = 0; i < 2; ++i) queue.push(std::make_unique<idle_job>());
    });
    queue.wait_for(3, never);
    CHECK(queue.size() == 3);
    other.join();
}

TEST_CASE("crud/sqlite/job_queue: a wait for more jobs than come ends after its time")
{
    job_queue queue(10);
    queue.push(std::make_unique<idle_job>());
    queue.wait_for(2, std::chrono::microseconds(100));
    CHECK(queue.size() == 1);
}

TEST_CASE("crud/sqlite/job_queue: closing ends a wait, and the jobs within are still taken")
{
    job_queue queue(10);
    queue.push(std::make_unique<idle_job>());
    std::thread other([&] { queue.close(); });
    queue.wait_for(2, never);
    other.join();
    CHECK(queue.wait());
    CHECK(queue.take_all().size() == 1);
    CHECK_FALSE(queue.wait());
}

}  // namespace job_queue_test
