#include "http/answer_memory.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace answer_memory_test {

using namespace ocpi;
using http::answer_memory;
using held = std::shared_ptr<const void>;
using enum answer_memory::demand;

namespace {

constexpr std::size_t piece = 10'000;

/// As many pieces as the caller gets.
std::vector<held> take_all(answer_memory& memory, const std::string& caller)
{
    std::vector<held> taken;
    for (;;) {
        auto share = memory.take(caller, piece, if_free);
        if (share.has_error()) {
            CHECK(share.error().code() == errc::overloaded);
            return taken;
        }
        taken.push_back(std::move(*share));
    }
}

}  // namespace

TEST_CASE("http/answer_memory: one caller may hold half, and what it gives back is there again")
{
    const auto memory = std::make_shared<answer_memory>(60 * piece);
    auto taken = take_all(*memory, "one");
    CHECK(taken.size() == 30);
    CHECK(memory->used() == 30 * piece);
    taken.resize(20);
    CHECK(take_all(*memory, "one").size() == 10);
    CHECK(memory->used() == 20 * piece);
    taken.clear();
    CHECK(memory->used() == 0);
}

TEST_CASE("http/answer_memory: however many callers take what they can, the next one finds room")
{
    const auto memory = std::make_shared<answer_memory>(1000 * piece);
    std::vector<std::vector<held>> all;
    for (int i = 0; i < 9; ++i) {
        all.push_back(take_all(*memory, std::to_string(i)));
        CHECK(all.back().size() >= 1);
        CHECK(memory->used() < 1000 * piece);
    }
    CHECK(memory->take("next", piece, if_free).has_value());
}

TEST_CASE("http/answer_memory: callers that take in turn have an equal share")
{
    const auto memory = std::make_shared<answer_memory>(90 * piece);
    std::vector<held> all;
    for (int round = 0; round < 100; ++round) {
        for (const char* caller : {"one", "other"}) {
            auto share = memory->take(caller, piece, if_free);
            if (share.has_value()) all.push_back(std::move(*share));
        }
    }
    CHECK(all.size() == 60);
}

TEST_CASE("http/answer_memory: small answers are not counted, one that is alone is always sent")
{
    const auto memory = std::make_shared<answer_memory>(piece);
    const auto small = memory->take("one", answer_memory::small_answer, if_free);
    REQUIRE(small.has_value());
    CHECK_FALSE(*small);
    CHECK(memory->used() == 0);
    const auto large = memory->take("one", 100 * piece, if_free);
    CHECK(large.has_value());
    CHECK(memory->take("other", piece, if_free).has_error());
    CHECK(memory->take("other", answer_memory::small_answer, if_free).has_value());
}

TEST_CASE("http/answer_memory: what a write is answered is sent, whatever is free, and counts")
{
    const auto memory = std::make_shared<answer_memory>(4 * piece);
    const auto first = memory->take("one", 4 * piece, if_free);
    const auto write = memory->take("other", piece, always);
    CHECK(write.has_value());
    CHECK(memory->used() == 5 * piece);
    CHECK(memory->take("third", piece, if_free).has_error());
}

TEST_CASE("http/answer_memory: an answer may outlive it, and threads lose none")
{
    auto memory = std::make_shared<answer_memory>(1000 * piece);
    {
        std::vector<std::jthread> threads;
        for (int i = 0; i < 4; ++i) {
            threads.emplace_back([&memory, name = std::to_string(i % 2)] {
                for (int turn = 0; turn < 5'000; ++turn) (void)memory->take(name, piece, if_free);
            });
        }
    }
    CHECK(memory->used() == 0);
    auto last = memory->take("one", piece, if_free);
    const std::weak_ptr<answer_memory> known = memory;
    memory.reset();
    CHECK_FALSE(known.expired());
    last = error(errc::internal, "x");
    CHECK(known.expired());
}

}  // namespace answer_memory_test
