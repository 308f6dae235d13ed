#include "crud/sqlite/read_queue.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace read_queue_test {

using namespace ocpi;
using namespace ocpi::crud::sqlite;

namespace {

/// A job that is known by its name, and notes how it failed.
class named_job final : public job {
public:
    named_job(std::string called, std::optional<errc>& failure)
        : name(std::move(called)), failure_(failure)
    {
    }
    void run(database&) override {}
    void complete() override {}
    void fail(const error& why) override { failure_ = why.code(); }

    const std::string name;

private:
    std::optional<errc>& failure_;
};

struct fixture {
    read_queue queue{3};
    std::optional<errc> failure;

    void push(read_kind kind, std::string name)
    {
        queue.push(kind, std::make_unique<named_job>(std::move(name), failure));
    }
    std::string take(reader_duty duty)
    {
        const auto taken = queue.take(duty);
        return taken.jobs.empty() ? "none" : names_of(taken);
    }
    std::string take(reader_duty duty, int times)
    {
        std::string names;
        for (int i = 0; i < times; ++i) names += take(duty);
        return names;
    }
    static std::string names_of(const read_queue::batch& taken)
    {
        std::string names;
        for (const auto& each : taken.jobs) names += static_cast<const named_job&>(*each).name;
        return names;
    }
};

}  // namespace

TEST_CASE("crud/sqlite/read_queue: lists never hold up the thread that is for finds")
{
    fixture reads;
    for (const char* name : {"A", "B", "C"}) reads.push(read_kind::list, name);
    for (const char* name : {"a", "b"}) reads.push(read_kind::find, name);
    CHECK(reads.take(reader_duty::finds) == "ab");
    reads.queue.close();
    CHECK(reads.take(reader_duty::finds) == "none");
    CHECK(reads.take(reader_duty::lists_first, 3) == "ABC");
    CHECK(reads.take(reader_duty::lists_first) == "none");
}

TEST_CASE("crud/sqlite/read_queue: other threads take lists first, and finds while there are none")
{
    fixture reads;
    reads.push(read_kind::find, "a");
    reads.push(read_kind::list, "A");
    reads.push(read_kind::find, "b");
    reads.push(read_kind::list, "B");
    CHECK(reads.take(reader_duty::lists_first, 4) == "ABab");
}

TEST_CASE("crud/sqlite/read_queue: the thread that is for finds takes those that wait at once")
{
    read_queue queue(100);
    std::optional<errc> failure;
    for (int i = 0; i < 20; ++i) {
        queue.push(read_kind::find, std::make_unique<named_job>(std::to_string(i % 10), failure));
    }
    CHECK(fixture::names_of(queue.take(reader_duty::finds)) == "0123456789012345");
    CHECK(fixture::names_of(queue.take(reader_duty::lists_first)) == "6");
    CHECK(fixture::names_of(queue.take(reader_duty::finds)) == "789");
}

TEST_CASE("crud/sqlite/read_queue: the only thread alternates")
{
    fixture reads;
    for (const char* name : {"a", "b", "c"}) reads.push(read_kind::find, name);
    for (const char* name : {"A", "B", "C"}) reads.push(read_kind::list, name);
    CHECK(reads.take(reader_duty::in_turn, 6) == "AaBbCc");
    reads.push(read_kind::list, "D");
    reads.push(read_kind::list, "E");
    CHECK(reads.take(reader_duty::in_turn, 2) == "DE");
}

TEST_CASE("crud/sqlite/read_queue: each kind has a bound of its own")
{
    fixture reads;
    for (const char* name : {"A", "B", "C"}) reads.push(read_kind::list, name);
    CHECK_FALSE(reads.failure);
    reads.push(read_kind::list, "D");
    CHECK(reads.failure == errc::overloaded);
    reads.failure.reset();
    for (const char* name : {"a", "b", "c"}) reads.push(read_kind::find, name);
    CHECK_FALSE(reads.failure);
    reads.push(read_kind::find, "d");
    CHECK(reads.failure == errc::overloaded);
}

TEST_CASE("crud/sqlite/read_queue: what is pushed while threads wait is taken, whatever its kind")
{
    fixture reads;
    const auto empty_with = [&reads](reader_duty duty, std::string& taken) {
        return std::thread([&reads, &taken, duty] {
            for (;;) {
                const auto batch = reads.queue.take(duty);
                if (batch.jobs.empty()) return;
                taken += fixture::names_of(batch);
            }
        });
    };
    std::string finds;
    std::string others;
    auto finder = empty_with(reader_duty::finds, finds);
    auto other = empty_with(reader_duty::lists_first, others);
    int accepted = 0;
    for (int i = 0; i < 300; ++i) {
        reads.failure.reset();
        reads.push(i % 3 == 0 ? read_kind::list : read_kind::find, i % 3 == 0 ? "L" : "f");
        if (!reads.failure) ++accepted;
        std::this_thread::yield();
    }
    reads.queue.close();
    finder.join();
    other.join();
    CHECK(finds.size() + others.size() == static_cast<std::size_t>(accepted));
    CHECK(finds.find('L') == std::string::npos);
}

}  // namespace read_queue_test
