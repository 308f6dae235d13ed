#include "modules/sessions/change_feed.hpp"

#include "tests/support/recording_logger.hpp"
#include "tests/support/run_awaitable.hpp"
#include "tests/support/scripted_crud.hpp"

#include <doctest/doctest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace change_feed_test {

using namespace ocpi;
using namespace ocpi::sessions;
using namespace std::chrono_literals;
using crud::interface_side;
using test::run_awaitable;
using names = std::vector<std::string>;

namespace {

class recording_listener final : public change_listener {
public:
    names told;
    bool wants = true;

    void on_change(const session_change&) noexcept override {}
    void on_foreign_change(const foreign_change& change) noexcept override
    {
        told.push_back(change.key.id.str());
        last.emplace_back(change);
    }
    bool wants_foreign_changes() const noexcept override { return wants; }

    std::vector<foreign_change> last;
};

struct fixture {
    boost::asio::io_context context;
    std::shared_ptr<test::scripted_crud> crud = std::make_shared<test::scripted_crud>();
    std::shared_ptr<test::recording_logger> log = std::make_shared<test::recording_logger>();
    std::shared_ptr<crud::store_watch> watch = std::make_shared<crud::store_watch>(crud);
    std::shared_ptr<recording_listener> listener = std::make_shared<recording_listener>();
    std::shared_ptr<change_feed> feed;
    int lists = 0;

    explicit fixture(std::size_t page = 1'000)
    {
        feed_options options;
        options.min_pause = 0ms;
        options.min_rest = 0;
        options.page = page;
        feed = std::make_shared<change_feed>(crud, watch, change_listeners{listener}, log, options);
        watch->add(feed);
    }
    ~fixture()
    {
        auto stopped = boost::asio::co_spawn(context, feed->stop(), boost::asio::use_future);
        while (stopped.wait_for(0s) != std::future_status::ready) settle();
    }

    void begin()
    {
        feed->start(context.get_executor());
        settle();
        crud->before_list = [this] {
            ++lists;
            return std::optional<error>();
        };
    }

    /// All that can happen now: also what waits for a timer that is due.
    void settle()
    {
        for (int i = 0; i < 5; ++i) {
            context.restart();
            context.poll();
        }
    }

    crud::document document_of(const std::string& id)
    {
        crud::document written(crud::object_key("ES", "ABC", id), R"({"id":"1"})", date_time(), {});
        written.emsp = party("NL", "TNM");
        written.contract.emplace("C1");
        return written;
    }

    crud::revision store(const std::string& module, const std::string& id)
    {
        auto& behind = crud->behind();
        constexpr auto side = interface_side::sender;
        const auto document = document_of(id);
        const auto known = run_awaitable(behind.get(module, side, document.key));
        const auto written =
            known ? run_awaitable(behind.update(module, side, document, known->revision))
                  : run_awaitable(behind.create(module, side, document));
        return written.value();
    }

    /// What another process writes, and the watch finds.
    void write_elsewhere(const std::string& id)
    {
        watch->written(store("sessions", id));
        settle();
    }

    void write_here(const std::string& id)
    {
        const auto document = document_of(id);
        const session_change change(document.key, store("sessions", id), document.emsp,
                                    document.contract, nullptr);
        feed->on_change(change);
        settle();
    }
};

}  // namespace

TEST_CASE("modules/sessions/change_feed: sessions that another process has changed are reported")
{
    fixture with;
    with.store("sessions", "before");
    with.begin();
    CHECK(with.listener->told.empty());
    with.write_elsewhere("1");
    with.write_elsewhere("2");
    with.write_elsewhere("1");
    CHECK(with.listener->told == names{"1", "2", "1"});
    const auto& change = with.listener->last.back();
    CHECK(change.emsp == party("NL", "TNM"));
    CHECK(change.contract == ci_string("C1"));
    CHECK_FALSE(change.has_settled);
}

TEST_CASE("modules/sessions/change_feed: pages are read to the end")
{
    fixture with(2);
    with.begin();
    for (const char* id : {"1", "2", "3", "4", "5"}) with.store("sessions", id);
    with.write_elsewhere("6");
    CHECK(with.listener->told == names{"1", "2", "3", "4", "5", "6"});
}

TEST_CASE("modules/sessions/change_feed: what this process writes is not reported, nor read")
{
    fixture with;
    with.begin();
    with.write_here("1");
    with.write_here("2");
    CHECK(with.listener->told.empty());
    CHECK(with.lists == 0);
    with.store("tokens", "T");
    with.write_here("3");
    CHECK(with.listener->told.empty());
    CHECK(with.lists == 1);
    with.write_elsewhere("1");
    with.write_here("4");
    CHECK(with.listener->told == names{"1"});
}

TEST_CASE("modules/sessions/change_feed: without a use for them no changes are read")
{
    fixture with;
    with.listener->wants = false;
    with.begin();
    with.write_elsewhere("1");
    CHECK(with.lists == 0);
    with.listener->wants = true;
    with.write_elsewhere("2");
    CHECK(with.listener->told == names{"2"});
}

TEST_CASE("modules/sessions/change_feed: after a failure the changes are read again")
{
    fixture with;
    with.begin();
    int failures = 3;
    with.crud->before_list = [&] {
        return failures-- > 0 ? std::optional(error(errc::storage, "disk")) : std::nullopt;
    };
    with.write_elsewhere("1");
    with.settle();
    CHECK(with.listener->told == names{"1"});
    const auto text = with.log->text();
    CHECK(text.find("disk") != std::string::npos);
    CHECK(text.find("disk") == text.rfind("disk"));
}

}  // namespace change_feed_test
