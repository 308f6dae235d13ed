#include "ocpi/base/completion.hpp"
#include "tests/crud_contract/cases.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/thread_pool.hpp>

#include <algorithm>
#include <atomic>
#include <exception>
#include <functional>
#include <iterator>
#include <map>
#include <memory>
#include <mutex>
#include <set>

namespace ocpi::crud::contract {
namespace {

using boost::asio::awaitable;

constexpr int thread_count = 4;

/// Coroutines on threads of their own, of which the last to end wakes the one that waits.
class crowd {
public:
    crowd(int size, std::function<awaitable<void>(int)> member)
        : size_(size), running_(size + 1), member_(std::move(member))
    {
    }

    /// Throws what the first member to fail has thrown.
    awaitable<void> run()
    {
        auto start = [this](completion<bool> all_done) { spawn(std::move(all_done)); };
        co_await await_completion<bool>(std::move(start));
        threads_.join();
        if (failure_) std::rethrow_exception(failure_);
    }

private:
    void spawn(completion<bool> all_done)
    {
        all_done_ = std::move(all_done);
        for (int i = 0; i < size_; ++i) {
            boost::asio::co_spawn(threads_, member_(i),
                                  [this](std::exception_ptr failure) { ended(failure); });
        }
        // Counted as a member until here, so that nobody goes on while it still spawns.
        ended(nullptr);
    }

    void ended(std::exception_ptr failure)
    {
        if (failure) {
            const std::lock_guard lock(mutex_);
            if (!failure_) failure_ = failure;
        }
        if (--running_ == 0) all_done_(true);
    }

    const int size_;
    std::atomic<int> running_;
    std::function<awaitable<void>(int)> member_;
    std::mutex mutex_;
    std::exception_ptr failure_;
    completion<bool> all_done_;
    boost::asio::thread_pool threads_{thread_count};
};

awaitable<void> append_one(Crud& crud, int number)
{
    const object_key key("ES", "ABC", "shared");
    for (;;) {
        auto base = expect_value(co_await crud.get("sessions", receiver, key), "get");
        base.document.json += std::to_string(number) + ",";
        const auto written =
            co_await crud.update("sessions", receiver, base.document, base.revision);
        if (written.has_value()) {
            expect(*written > base.revision, "an update gives a greater revision");
            co_return;
        }
        expect_error(written, errc::conflict, "an update upon a base that was just read");
    }
}

awaitable<void> no_concurrent_update_is_lost(Crud& crud)
{
    constexpr int writers = 64;
    document shared = make_document("shared", "");
    expect_value(co_await crud.create("sessions", receiver, shared), "create");
    auto member = [&crud](int number) { return append_one(crud, number); };
    auto together = std::make_unique<crowd>(writers, std::move(member));
    co_await together->run();

    const auto read = expect_value(co_await crud.get("sessions", receiver, shared.key), "get");
    const std::string& text = read.document.json;
    for (int number = 0; number < writers; ++number) {
        const auto entry = std::to_string(number) + ",";
        expect(("," + text).find("," + entry) != std::string::npos,
               "concurrent read-modify-write loses nothing, but lost " + entry);
    }
    expect(std::count(text.begin(), text.end(), ',') == writers,
           "an update that was refused leaves no trace");
}

awaitable<void> one_of_many_creates_wins(Crud& crud)
{
    constexpr int rivals = 32;
    std::atomic<int> winners = 0;
    auto member = [&crud, &winners](int) -> awaitable<void> {
        const auto made = co_await crud.create("sessions", receiver, make_document("contested"));
        if (made.has_value()) {
            ++winners;
        } else {
            expect_error(made, errc::already_exists, "creating what another has created");
        }
    };
    auto together = std::make_unique<crowd>(rivals, std::move(member));
    co_await together->run();
    expect(winners == 1, "of concurrent creates of one key exactly one succeeds");
}

/// What members have written and seen.
struct sightings {
    std::mutex mutex;
    std::set<revision> given;
    /// By a revision that was given: the revisions that a list held which began afterwards.
    std::map<revision, std::set<revision>> seen;
};

/// Each member creates some records, reading each back; a list must never contradict itself.
awaitable<void> create_and_read(Crud& crud, int number, sightings& all)
{
    for (int i = 0; i < 8; ++i) {
        const document mine = make_document(std::to_string(number) + "-" + std::to_string(i));
        const auto made = expect_value(co_await crud.create("sessions", receiver, mine), "create");
        const auto read = expect_value(co_await crud.get("sessions", receiver, mine.key),
                                       "a read that starts after a write was answered");
        expect(read.revision == made, "a read sees the write that was answered before");
        {
            const std::lock_guard lock(all.mutex);
            expect(all.given.insert(made).second, "no revision is given twice");
        }
        list_query query;
        query.limit = 1000;
        const auto listed = expect_value(co_await crud.list("sessions", receiver, query), "list");
        expect(listed.total == listed.records.size() && listed.is_last_page,
               "total and records of a page are of one moment");
        const std::lock_guard lock(all.mutex);
        for (const record& each : listed.records) all.seen[made].insert(each.revision);
    }
}

awaitable<void> reads_see_answered_writes(Crud& crud)
{
    sightings all;
    auto member = [&](int number) { return create_and_read(crud, number, all); };
    auto together = std::make_unique<crowd>(16, std::move(member));
    co_await together->run();
    for (const auto& [made, seen] : all.seen) {
        expect(std::includes(seen.begin(), seen.end(), all.given.begin(),
                             std::next(all.given.find(made))),
               "a read sees every write that was given a smaller revision than one answered "
               "before it");
    }
}

}  // namespace

std::vector<contract_case> concurrency_cases()
{
    return {
        {"no concurrent read-modify-write is lost", no_concurrent_update_is_lost},
        {"of concurrent creates of one key one succeeds", one_of_many_creates_wins},
        {"a read sees the writes answered before it", reads_see_answered_writes},
    };
}

}  // namespace ocpi::crud::contract
