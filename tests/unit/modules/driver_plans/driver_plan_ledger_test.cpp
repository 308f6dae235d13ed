#include "modules/driver_plans/driver_plan_ledger.hpp"

#include "tests/support/run_awaitable.hpp"
#include "tests/unit/modules/pricing/plan_samples.hpp"

#include <doctest/doctest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_future.hpp>

#include <algorithm>
#include <functional>
#include <future>
#include <memory>
#include <string>
#include <vector>

namespace driver_plan_ledger_test {

using namespace ocpi;
using namespace ocpi::driver_plans;
using namespace ocpi::test;

namespace {

/// Sessions of one contract in the order of change.
class listed_sessions final : public metered_sessions {
public:
    std::size_t page_size = 2;
    int lists = 0;
    std::vector<metered_session> sessions;
    metered_query last_query;
    std::function<void()> before_list = [] {};
    bool is_unwell = false;

    /// Creates or changes a session.
    void write(const std::string& key, std::vector<metering_event> events)
    {
        std::erase_if(sessions, [&](const metered_session& each) { return each.key == key; });
        auto& written = sessions.emplace_back();
        written.key = key;
        written.revision = ++revision_;
        written.events = std::move(events);
    }

    boost::asio::awaitable<result<metered_page>> list(metered_query query) override
    {
        ++lists;
        before_list();
        last_query = query;
        if (is_unwell) co_return error(errc::storage, "unwell");
        metered_page page;
        for (const auto& each : sessions) {
            if (each.revision <= query.changed_after) continue;
            if (page.sessions.size() == page_size) {
                page.is_last_page = false;
                break;
            }
            page.sessions.push_back(each);
        }
        co_return page;
    }

    boost::asio::awaitable<result<std::uint64_t>> count(metered_query) override
    {
        if (is_unwell) co_return error(errc::storage, "unwell");
        co_return sessions.size();
    }

private:
    crud::revision revision_ = 0;
};

driver_plan_ptr stored(driver_plan plan, crud::revision revision = 1)
{
    auto made = std::make_shared<stored_driver_plan>();
    made->plan = std::move(plan);
    made->plan.contract_ids.emplace_back("C1");
    made->revision = revision;
    return made;
}

std::vector<metering_event> june(const std::string& day, rational kwh)
{
    return charge("2026-06-" + day + "T10:00:00Z", "2026-06-" + day + "T11:00:00Z", std::move(kwh));
}

const auto mid_june = "2026-06-15T00:00:00Z";

std::string amount(driver_plan_ledger& ledger, const driver_plan_ptr& plan,
                   const std::string& session, const std::string& begin = mid_june)
{
    const auto price = run_awaitable(ledger.price(plan, session, instant_at(begin)));
    if (price.has_error()) return std::string(to_string(price.error().code()));
    if (!*price) return "not known";
    return to_text(to_decimal(*(*price)->amount));
}

}  // namespace

TEST_CASE(
    "modules/driver_plans/driver_plan_ledger: prices are those of what is stored at the moment")
{
    const auto source = std::make_shared<listed_sessions>();
    driver_plan_ledger ledger(source);
    const auto plan = stored(make_plan({"10 0", "- 1"}));
    CHECK(amount(ledger, plan, "b") == "not known");
    source->write("b", june("20", 15));
    CHECK(amount(ledger, plan, "b") == "5");
    CHECK(source->last_query.updated_since == instant_at("2026-04-30T22:00:00Z"));
    REQUIRE(source->last_query.contracts.size() == 1);
    source->write("a", june("05", 4));
    CHECK(amount(ledger, plan, "b") == "9");
    CHECK(amount(ledger, plan, "a") == "0");
    source->write("a", {});
    CHECK(amount(ledger, plan, "b") == "5");
}

TEST_CASE(
    "modules/driver_plans/driver_plan_ledger: a price reads what has changed, not what is known")
{
    const auto source = std::make_shared<listed_sessions>();
    driver_plan_ledger ledger(source);
    const auto plan = stored(make_plan({"10 0", "- 1"}));
    for (int i = 0; i < 9; ++i) source->write(std::to_string(i), june("05", 2));
    CHECK(amount(ledger, plan, "8") == to_text(to_decimal(rational(8, 9))));
    const auto lists_before = source->lists;
    CHECK(amount(ledger, plan, "7") == amount(ledger, plan, "8"));
    CHECK(source->lists == lists_before + 2);
    CHECK(source->last_query.changed_after == 9);
}

TEST_CASE(
    "modules/driver_plans/driver_plan_ledger: the first price reads each session of a plan once")
{
    const auto source = std::make_shared<listed_sessions>();
    source->page_size = 11;
    driver_plan_ledger ledger(source);
    const auto plan = stored(make_plan({"- 1"}));
    for (int i = 0; i < 1000; ++i) source->write(std::to_string(i), june("05", 2));
    CHECK(amount(ledger, plan, "999") == "2");
    CHECK(source->lists == 91);
}

TEST_CASE(
    "modules/driver_plans/driver_plan_ledger: what changes while pages are read is not passed over")
{
    const auto source = std::make_shared<listed_sessions>();
    driver_plan_ledger ledger(source);
    const auto plan = stored(make_plan({"- 1"}));
    for (int i = 0; i < 5; ++i) source->write(std::to_string(i), june("05", 2));
    // The first session, already read, changes before the second page; then a new one is made.
    source->before_list = [&] {
        if (source->lists == 2) source->write("0", june("05", 7));
        if (source->lists == 3) source->write("5", june("05", 1));
    };
    CHECK(amount(ledger, plan, "0") == "7");
    CHECK(amount(ledger, plan, "5") == "1");
    CHECK(amount(ledger, plan, "4") == "2");
}

TEST_CASE(
    "modules/driver_plans/driver_plan_ledger: one that leaves between two pages hides no other")
{
    const auto source = std::make_shared<listed_sessions>();
    driver_plan_ledger ledger(source);
    const auto plan = stored(make_plan({"- 1"}));
    for (int i = 0; i < 5; ++i) source->write(std::to_string(i), june("05", 2));
    source->before_list = [&] {
        if (source->lists == 2) source->sessions.erase(source->sessions.begin());
    };
    CHECK(amount(ledger, plan, "2") == "2");
    CHECK(amount(ledger, plan, "4") == "2");
    CHECK(amount(ledger, plan, "0") == "not known");
}

TEST_CASE(
    "modules/driver_plans/driver_plan_ledger: a session that leaves the plan uses up nothing more")
{
    const auto source = std::make_shared<listed_sessions>();
    driver_plan_ledger ledger(source);
    const auto plan = stored(make_plan({"10 0", "- 1"}));
    source->write("a", june("05", 4));
    source->write("b", june("20", 15));
    CHECK(amount(ledger, plan, "b") == "9");
    source->sessions.erase(source->sessions.begin());
    CHECK(amount(ledger, plan, "b") == "5");
    CHECK(amount(ledger, plan, "a") == "not known");
    const auto lists_before = source->lists;
    CHECK(amount(ledger, plan, "b") == "5");
    CHECK(source->lists == lists_before + 1);
}

TEST_CASE(
    "modules/driver_plans/driver_plan_ledger: a changed plan, and an earlier month, are read anew")
{
    const auto source = std::make_shared<listed_sessions>();
    driver_plan_ledger ledger(source);
    source->write("may", charge("2026-05-05T10:00:00Z", "2026-05-05T11:00:00Z", 3));
    source->write("june", june("05", 2));
    const auto plan = stored(make_plan({"- 1"}));
    CHECK(amount(ledger, plan, "june") == "2");
    CHECK(amount(ledger, plan, "may", "2026-05-05T10:00:00Z") == "3");
    CHECK(source->last_query.updated_since == instant_at("2026-03-30T22:00:00Z"));
    const auto dearer = stored(make_plan({"- 10"}), 2);
    CHECK(amount(ledger, dearer, "june") == "20");
    CHECK(source->last_query.updated_since == instant_at("2026-04-30T22:00:00Z"));
}

TEST_CASE("modules/driver_plans/driver_plan_ledger: a plan that has a contract more is read anew")
{
    const auto source = std::make_shared<listed_sessions>();
    driver_plan_ledger ledger(source);
    source->write("a", june("05", 2));
    const auto plan = stored(make_plan({"- 1"}));
    CHECK(amount(ledger, plan, "a") == "2");
    auto larger = std::make_shared<stored_driver_plan>(*plan);
    larger->plan.contract_ids.emplace_back("C2");
    CHECK(amount(ledger, larger, "a") == "2");
    CHECK(source->last_query.changed_after == 0);
    CHECK(source->last_query.contracts.size() == 2);
}

TEST_CASE("modules/driver_plans/driver_plan_ledger: a store that fails is told, and asked again")
{
    const auto source = std::make_shared<listed_sessions>();
    driver_plan_ledger ledger(source);
    const auto plan = stored(make_plan({"- 1"}));
    source->write("a", june("05", 2));
    source->is_unwell = true;
    CHECK(amount(ledger, plan, "a") == "storage");
    source->is_unwell = false;
    CHECK(amount(ledger, plan, "a") == "2");
}

TEST_CASE("modules/driver_plans/driver_plan_ledger: plans beyond its memory are read again")
{
    const auto source = std::make_shared<listed_sessions>();
    driver_plan_ledger ledger(source, 3);
    const auto plan = stored(make_plan({"- 1"}));
    auto other = make_plan({"- 3"});
    other.id = "other";
    source->write("a", june("05", 2));
    source->write("b", june("06", 2));
    CHECK(amount(ledger, plan, "a") == "2");
    // The latest is kept, though it is too large as well.
    CHECK(amount(ledger, plan, "b") == "2");
    CHECK(source->last_query.changed_after == 2);
    CHECK(amount(ledger, stored(std::move(other)), "b") == "6");
    source->lists = 0;
    CHECK(amount(ledger, plan, "b") == "2");
    CHECK(source->last_query.changed_after == 0);
    CHECK(source->lists == 1);
}

TEST_CASE(
    "modules/driver_plans/driver_plan_ledger: threads ask for prices of several plans at once")
{
    const auto source = std::make_shared<listed_sessions>();
    source->write("a", june("05", 20));
    source->write("b", june("06", 20));
    std::vector<driver_plan_ptr> plans;
    for (const char* id : {"one", "two", "three"}) {
        auto plan = make_plan({"10 0", "- 1"});
        plan.id = id;
        plans.push_back(stored(std::move(plan)));
    }

    /// Counts nothing, so that many may ask it.
    class shared_sessions final : public metered_sessions {
    public:
        explicit shared_sessions(std::vector<metered_session> all) : all_(std::move(all)) {}
        boost::asio::awaitable<result<metered_page>> list(metered_query query) override
        {
            metered_page page;
            if (query.changed_after == 0) page.sessions = all_;
            co_return page;
        }

        boost::asio::awaitable<result<std::uint64_t>> count(metered_query) override
        {
            co_return all_.size();
        }

    private:
        std::vector<metered_session> all_;
    };
    driver_plan_ledger ledger(std::make_shared<shared_sessions>(source->sessions), 4);
    boost::asio::thread_pool threads(4);
    std::vector<std::future<result<std::optional<plan_price>>>> prices;
    for (std::size_t i = 0; i < 60; ++i) {
        auto asked =
            ledger.price(plans[i % plans.size()], i % 2 == 0 ? "a" : "b", instant_at(mid_june));
        prices.push_back(boost::asio::co_spawn(threads, std::move(asked), boost::asio::use_future));
    }
    for (std::size_t i = 0; i < prices.size(); ++i) {
        const auto price = prices[i].get();
        REQUIRE(price.has_value());
        REQUIRE(*price);
        CHECK((*price)->amount == rational(i % 2 == 0 ? 10 : 20));
    }
    threads.join();
}

}  // namespace driver_plan_ledger_test
