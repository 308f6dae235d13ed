#include "modules/tariffs/tariff_watch.hpp"

#include "tests/support/run_awaitable.hpp"
#include "tests/support/scripted_crud.hpp"

#include <doctest/doctest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace tariff_watch_test {

using namespace ocpi;
using namespace ocpi::tariffs;
using namespace std::chrono_literals;
using crud::interface_side;
using test::run_awaitable;
using names = std::vector<std::string>;

namespace {

struct fixture {
    boost::asio::io_context context;
    std::shared_ptr<test::scripted_crud> crud = std::make_shared<test::scripted_crud>();
    names told;
    std::shared_ptr<tariff_watch> watch;

    fixture()
    {
        tariff_watch_options options;
        options.min_pause = 0ms;
        options.min_rest = 0;
        const auto note = [this](const crud::object_key& key) { told.push_back(key.id.str()); };
        watch = std::make_shared<tariff_watch>(crud, note, nullptr, options);
    }
    ~fixture()
    {
        auto stopped = boost::asio::co_spawn(context, watch->stop(), boost::asio::use_future);
        while (stopped.wait_for(0s) != std::future_status::ready) settle();
    }

    void begin()
    {
        watch->start(context.get_executor());
        settle();
    }

    void settle()
    {
        for (int i = 0; i < 5; ++i) {
            context.restart();
            context.poll();
        }
    }

    /// The store has changed.
    void look()
    {
        watch->on_store_revision(1);
        settle();
    }

    static crud::object_key key(const std::string& id) { return crud::object_key("ES", "ABC", id); }

    crud::revision store(const std::string& id)
    {
        auto& behind = crud->behind();
        constexpr auto side = interface_side::sender;
        const crud::document document(key(id), "{}", date_time(), {});
        const auto known = run_awaitable(behind.get("tariffs", side, key(id)));
        const auto written =
            known ? run_awaitable(behind.update("tariffs", side, document, known->revision))
                  : run_awaitable(behind.create("tariffs", side, document));
        return written.value();
    }

    void remove(const std::string& id)
    {
        REQUIRE(run_awaitable(crud->behind().remove("tariffs", interface_side::sender, key(id)))
                    .has_value());
    }
};

}  // namespace

TEST_CASE("modules/tariffs/tariff_watch: what another process writes is reported, not what was")
{
    fixture with;
    with.store("before");
    with.begin();
    with.look();
    CHECK(with.told.empty());
    with.store("T1");
    with.store("before");
    with.look();
    CHECK(with.told == names{"T1", "before"});
    with.look();
    CHECK(with.told.size() == 2);
}

TEST_CASE("modules/tariffs/tariff_watch: what is written during the first look is reported")
{
    fixture with;
    with.store("before");
    int pages = 0;
    with.crud->before_list = [&]() -> std::optional<error> {
        if (++pages != 2) return std::nullopt;
        with.store("T1");
        return error(errc::storage, "disk");
    };
    // More than a page.
    for (int i = 0; i < 1'000; ++i) with.store("old" + std::to_string(i));
    with.begin();
    with.settle();
    CHECK(with.told == names{"T1"});
}

TEST_CASE("modules/tariffs/tariff_watch: what another process removes is reported")
{
    fixture with;
    with.store("T1");
    with.store("T2");
    with.begin();
    with.remove("T1");
    with.look();
    CHECK(with.told == names{"T1"});
    with.remove("T2");
    with.store("T3");
    with.look();
    CHECK(with.told == names{"T1", "T3", "T2"});
}

TEST_CASE("modules/tariffs/tariff_watch: what this process does is not reported")
{
    fixture with;
    with.begin();
    with.watch->on_own_change(tariff_change(fixture::key("T1"), with.store("T1")));
    with.look();
    with.remove("T1");
    with.watch->on_own_change(tariff_change(fixture::key("T1")));
    with.look();
    CHECK(with.told.empty());
}

TEST_CASE("modules/tariffs/tariff_watch: after a failure it looks again")
{
    fixture with;
    with.begin();
    int failures = 2;
    with.crud->before_list = [&] {
        return failures-- > 0 ? std::optional(error(errc::storage, "disk")) : std::nullopt;
    };
    with.store("T1");
    with.look();
    with.settle();
    CHECK(with.told == names{"T1"});
}

}  // namespace tariff_watch_test
