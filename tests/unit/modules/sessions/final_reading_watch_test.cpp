#include "modules/sessions/final_reading_watch.hpp"

#include "modules/sessions/settled_rank.hpp"
#include "tests/support/recording_logger.hpp"
#include "tests/unit/modules/sessions/settle_fixture.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

#include <memory>
#include <optional>

namespace final_reading_watch_test {

using namespace ocpi;
using namespace ocpi::sessions;
using ocpi::sessions::fixtures::settle_fixture;

TEST_CASE("modules/sessions/final_reading_watch: what is overdue settles though nobody asks")
{
    boost::asio::io_context context;
    settle_fixture at;
    at.put_awaiting("S1", "10:20");
    at.set_clock("12:00");
    final_reading_watch watch(at.sessions, nullptr,
                              std::make_shared<crud::lease_group>(at.crud, nullptr));
    watch.start(context.get_executor());
    while (!is_settled_rank(at.stored("S1").document.sort_key)) context.run_one();
    boost::asio::co_spawn(context, watch.stop(), boost::asio::detached);
    context.run();
    CHECK(at.log->changes.back().has_settled);
}

TEST_CASE("modules/sessions/final_reading_watch: a store that is not well is told of once")
{
    boost::asio::io_context context;
    settle_fixture at;
    at.put_awaiting("S1", "10:20");
    at.set_clock("12:00");
    const auto log = std::make_shared<ocpi::test::recording_logger>();
    final_reading_watch watch(at.sessions, log,
                              std::make_shared<crud::lease_group>(at.crud, nullptr));
    int looks = 0;
    at.crud->before_list = [&]() -> std::optional<error> {
        ++looks;
        boost::asio::co_spawn(context, watch.stop(), boost::asio::detached);
        return error(errc::storage, "the disk is full");
    };
    watch.start(context.get_executor());
    context.run();
    CHECK(looks == 1);
    CHECK(log->text().find("wait for the store: the disk is full") != std::string::npos);
    CHECK_FALSE(is_settled_rank(at.stored("S1").document.sort_key));
}

TEST_CASE("modules/sessions/final_reading_watch: stopping what never began resumes at once")
{
    settle_fixture at;
    final_reading_watch watch(at.sessions, nullptr,
                              std::make_shared<crud::lease_group>(at.crud, nullptr));
    ocpi::test::run_awaitable(watch.stop());
    CHECK(at.log->changes.empty());
}

}  // namespace final_reading_watch_test
