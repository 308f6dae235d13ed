#include "tests/cluster/change_follower.hpp"

#include "tests/support/run_awaitable.hpp"

#include <algorithm>
#include <chrono>
#include <stdexcept>
#include <utility>

namespace cluster {

using namespace ocpi;
using namespace std::chrono_literals;

namespace {

constexpr auto sender_side = crud::interface_side::sender;

}  // namespace

change_follower::change_follower(std::shared_ptr<Crud> store)
    : store_(std::move(store)), thread_([this](std::stop_token over) { follow(std::move(over)); })
{
}

change_follower::~change_follower() = default;

void change_follower::follow(std::stop_token over)
{
    crud::changes_query query;
    query.limit = 100;
    while (!over.stop_requested()) {
        const auto page = test::run_awaitable(store_->list_changes("sessions", sender_side, query));
        if (page.has_error()) {
            std::this_thread::sleep_for(20ms);
            continue;
        }
        {
            const std::lock_guard lock(mutex_);
            for (const auto& each : page->records) {
                seen_.push_back({each.revision, each.document.key.id.str()});
                query.after = each.revision;
            }
        }
        if (!page->is_last_page) continue;
        // What the page says of itself: there is no change up to there that it does not have.
        query.after = std::max(query.after, page->as_of);
        std::this_thread::sleep_for(2ms);
    }
}

std::vector<change> change_follower::seen() const
{
    const std::lock_guard lock(mutex_);
    return seen_;
}

std::map<std::string, std::uint64_t> change_follower::last_revisions() const
{
    std::map<std::string, std::uint64_t> last;
    for (const auto& each : seen()) last[each.id] = each.revision;
    return last;
}

std::map<std::string, std::uint64_t> read_revisions(Crud& store)
{
    std::map<std::string, std::uint64_t> stored;
    crud::list_query query;
    query.limit = 1'000'000;
    query.max_bytes = 1ULL << 40;
    const auto page = test::run_awaitable(store.list("sessions", sender_side, query));
    if (page.has_error()) throw std::runtime_error("no list: " + page.error().log_text());
    if (page->total != page->records.size()) throw std::runtime_error("the total of the list");
    for (const auto& each : page->records) stored[each.document.key.id.str()] = each.revision;
    return stored;
}

}  // namespace cluster
