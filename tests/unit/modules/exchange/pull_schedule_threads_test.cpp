#include "modules/exchange/pull_schedule.hpp"

#include "ocpi/base/pause.hpp"
#include "partners/partner_store.hpp"
#include "tests/unit/modules/exchange/partner_cpo.hpp"

#include <doctest/doctest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_future.hpp>

#include <atomic>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace pull_schedule_threads_test {

using namespace ocpi;
using namespace ocpi::exchange;
using namespace ocpi::test;
namespace asio = boost::asio;
using std::chrono::milliseconds;

TEST_CASE(
    "modules/exchange/pull_schedule_threads: on several threads partners come, change, fail and "
    "leave")
{
    auto crud = std::make_shared<crud::memory_crud>();
    auto partners = std::make_shared<partners::partner_store>(crud);
    std::atomic<int> asked = 0;
    auto http = std::make_shared<scripted_http_client>(
        [&asked](const http::outbound_request& request) -> asio::awaitable<result<http::response>> {
            if (++asked % 3 == 0) co_return error(errc::partner_failure, "no connection");
            co_return page_of(array_of({session_at(request.pool, "2024-06-01T10:00:00Z")}));
        });
    puller::dependencies parts;
    parts.crud = crud;
    parts.client = std::make_shared<partners::platform_client>(http);
    parts.own_emsp_parties = {party("DE", "EMP")};
    schedule_options options;
    options.interval = milliseconds(1);
    options.first_retry = milliseconds(1);
    options.max_retry = milliseconds(2);
    options.partner_poll = milliseconds(1);
    asio::thread_pool threads(4);
    const auto pulls = std::make_shared<puller>(std::make_shared<sessions::session_writer>(crud),
                                                std::move(parts));
    pull_schedule schedule(pulls, partners, nullptr,
                           std::make_shared<crud::lease_group>(crud, nullptr), options);
    schedule.start(threads.get_executor());
    const auto come_and_go = [&](std::string name) -> asio::awaitable<void> {
        auto one = make_partner(name);
        std::optional<crud::revision> none;
        auto base = co_await partners->save(one, none);
        for (int i = 0; i < 50; ++i) {
            one.token = std::to_string(i);
            one.state = i % 5 == 4 ? partners::partner_state::unregistered
                                   : partners::partner_state::registered;
            const auto revision = *base;
            base = co_await partners->save(one, revision);
            schedule.partners_changed();
            co_await pause_for(milliseconds(1));
        }
    };
    std::vector<std::future<void>> ends;
    for (const char* name : {"one", "two", "three"}) {
        ends.push_back(asio::co_spawn(threads, come_and_go(name), asio::use_future));
    }
    for (auto& end : ends) end.get();
    asio::co_spawn(threads, schedule.stop(), asio::use_future).get();
    const int before = asked;
    CHECK(before > 0);
    threads.join();
    CHECK(asked == before);
}

}  // namespace pull_schedule_threads_test
