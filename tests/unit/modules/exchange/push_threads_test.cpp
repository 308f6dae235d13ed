// The pusher on many threads, on SQLite: what a sanitizer should see.

#include "crud/sqlite/sqlite_crud.hpp"
#include "modules/exchange/push.hpp"
#include "modules/sessions/session_writer.hpp"
#include "partners/partner_store.hpp"
#include "tests/support/partner_network.hpp"
#include "tests/support/recording_logger.hpp"
#include "tests/support/session_text.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/support/written_at.hpp"

#include <doctest/doctest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_future.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <future>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace push_threads_test {

using namespace ocpi;
using namespace ocpi::sessions;
using namespace ocpi::exchange;

namespace {

/// Wakes who waits whenever a message was answered, and counts.
class counting_observer final : public exchange_observer {
public:
    void on_push(std::string_view, std::string_view, message_outcome,
                 std::chrono::steady_clock::duration) noexcept override
    {
        const std::lock_guard lock(mutex_);
        ++messages_;
        changed_.notify_all();
    }

    void on_backlog(std::string_view, std::size_t) noexcept override { ++reports_; }

    /// Until there was another message, or a while has passed.
    void wait()
    {
        std::unique_lock lock(mutex_);
        const auto before = messages_;
        changed_.wait_for(lock, std::chrono::milliseconds(5), [&] { return messages_ != before; });
    }

    int reports() const { return reports_; }

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    int messages_ = 0;
    std::atomic<int> reports_ = 0;
};

boost::asio::awaitable<void> write_sessions(session_writer& sessions, int writer)
{
    for (int i = 0; i < 40; ++i) {
        const auto id = "W" + std::to_string(writer) + "N" + std::to_string(i % 8);
        const crud::object_key key("ES", "ABC", id);
        const auto text = test::session_text({{"id", '"' + id + '"'}, {"kwh", std::to_string(i)}});
        const auto sent = read_session(text, body_kind::whole, strictness::strict, key);
        const auto written = co_await sessions.put(crud::interface_side::sender, key, *sent,
                                                   strictness::strict, test::written_at);
        CHECK(written.has_value());
    }
}

}  // namespace

TEST_CASE("modules/exchange/push_threads: many threads write and push, and nothing is lost")
{
    constexpr int writers = 6;
    const test::temporary_directory directory;
    crud::sqlite_options storage;
    storage.path = directory.file("store.db");
    const auto crud = std::make_shared<crud::sqlite_crud>(storage);
    const auto network = std::make_shared<test::partner_network>();
    const auto observer = std::make_shared<counting_observer>();
    push_dependencies parts;
    parts.crud = crud;
    parts.partners = std::make_shared<partners::partner_store>(crud);
    parts.client = std::make_shared<partners::platform_client>(network);
    parts.own_cpo_parties = {party("ES", "ABC")};
    parts.log = std::make_shared<test::recording_logger>();
    parts.observer = observer;
    parts.options.partner_backoff =
        backoff{std::chrono::milliseconds(1), std::chrono::milliseconds(2)};
    parts.options.session_backoff = parts.options.partner_backoff;
    parts.options.poll_interval = std::chrono::milliseconds(20);
    parts.options.progress_interval = std::chrono::milliseconds(20);
    parts.options.page_size = 5;
    std::atomic<unsigned> turn = 0;
    network->set_script([&turn](const http::outbound_request&) {
        std::optional<result<http::response>> failure;
        const auto number = ++turn % 17;
        if (number == 0) failure = test::partner_network::envelope(500, 3000);
        if (number == 5) failure = test::partner_network::envelope(404, 2001);
        return failure;
    });

    boost::asio::thread_pool threads(4);
    const auto run = [&threads](auto coroutine) {
        return boost::asio::co_spawn(threads, std::move(coroutine), boost::asio::use_future).get();
    };
    const auto push = std::make_shared<pusher>(parts);
    session_writer sessions(crud, {push});
    push->start(threads.get_executor());
    partners::partner partner;
    partner.name = "emp";
    partner.state = partners::partner_state::registered;
    partner.token = "secret";
    partner.roles.emplace_back(party_role::emsp, party("DE", "EMP"));
    partner.endpoints.emplace_back("sessions", partners::interface_role::receiver,
                                   "https://emp.example/sessions");
    REQUIRE(run(parts.partners->save(partner, std::nullopt)).has_value());
    push->partners_changed();

    std::vector<std::future<void>> writing;
    for (int i = 0; i < writers; ++i) {
        writing.push_back(
            boost::asio::co_spawn(threads, write_sessions(sessions, i), boost::asio::use_future));
    }
    for (auto& each : writing) each.get();
    const auto text_in = [&](Crud& store, const crud::object_key& key) {
        const auto found = run(store.get("sessions", crud::interface_side::sender, key));
        return found.has_value() ? found->document.json : std::string();
    };
    const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    for (int writer = 0; writer < writers; ++writer) {
        for (int i = 0; i < 8; ++i) {
            const crud::object_key key("ES", "ABC",
                                       "W" + std::to_string(writer) + "N" + std::to_string(i));
            const auto ours = *json::parse(text_in(*crud, key));
            for (;;) {
                const auto theirs = json::parse(text_in(network->store_of("emp"), key));
                const bool is_same =
                    theirs.has_value() &&
                    json::same(theirs->root(), ours.root(), json::number_equality::spelling);
                if (is_same) break;
                REQUIRE(std::chrono::steady_clock::now() < limit);
                observer->wait();
            }
        }
    }
    CHECK(observer->reports() > 0);
    run(push->stop());
    threads.join();
}

}  // namespace push_threads_test
