#pragma once

#include "crud/memory/memory_crud.hpp"
#include "modules/sessions/session_writer.hpp"
#include "modules/status/event_hub.hpp"
#include "modules/status/session_event.hpp"
#include "ocpi/json/document.hpp"
#include "tests/support/recording_logger.hpp"
#include "tests/support/run_awaitable.hpp"
#include "tests/support/scripted_crud.hpp"
#include "tests/support/session_text.hpp"

#include <doctest/doctest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include <atomic>
#include <chrono>
#include <future>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace ocpi::status::fixtures {

/// An event as a reader understands it.
struct read_event {
    std::string id;
    std::string data;

    read_event(std::string number, std::string content)
        : id(std::move(number)), data(std::move(content))
    {
    }
    friend bool operator==(const read_event&, const read_event&) = default;
};

/// The events in a part of a stream. Comments and hints are no events.
inline std::vector<read_event> parse_events(const std::string& text)
{
    std::vector<read_event> events;
    std::string id;
    std::string data;
    for (std::size_t begin = 0; begin < text.size();) {
        const auto end = text.find('\n', begin);
        REQUIRE(end != text.npos);
        const auto line = text.substr(begin, end - begin);
        begin = end + 1;
        if (line.starts_with("id: ")) id = line.substr(4);
        if (line.starts_with("data: ")) data = line.substr(6);
        if (line.starts_with("event: ")) CHECK(line == "event: status");
        if (!line.empty()) continue;
        if (!data.empty()) events.emplace_back(std::exchange(id, {}), std::exchange(data, {}));
    }
    return events;
}

/// Says of a session its id and its kwh: `S1=10.50`. Its /v1 ids are those of the store.
class scripted_source final : public event_source {
public:
    explicit scripted_source(std::shared_ptr<Crud> crud) : sessions_(std::move(crud)) {}

    std::atomic<int> renders = 0;
    /// The session of which nothing can be said, and whether that is thrown.
    std::string broken;
    bool is_thrown = false;

    boost::asio::awaitable<result<crud::record>> find(std::string id, contract_scope) override
    {
        crud::object_key key("ES", "ABC", id);
        co_return co_await sessions_.get(crud::interface_side::receiver, std::move(key));
    }

    boost::asio::awaitable<result<rendered_session>> render(crud::record session) override
    {
        ++renders;
        rendered_session rendered;
        rendered.id = session.document.key.id.str();
        if (rendered.id == broken && is_thrown) throw std::runtime_error("a bug");
        if (rendered.id == broken) co_return error(errc::storage, "no tariff");
        const auto parsed = json::parse(session.document.json);
        rendered.contract_id = contract_of(session.document.json);
        rendered.data = rendered.id + '=' + std::string(parsed->root().find("kwh")->text());
        co_return rendered;
    }

private:
    sessions::session_reader sessions_;
};

/// A hub upon a store that the test writes to; all of it on the test's thread.
struct event_fixture {
    boost::asio::io_context context;
    std::shared_ptr<ocpi::test::scripted_crud> crud = std::make_shared<ocpi::test::scripted_crud>();
    std::shared_ptr<scripted_source> source = std::make_shared<scripted_source>(crud);
    std::shared_ptr<ocpi::test::recording_logger> log =
        std::make_shared<ocpi::test::recording_logger>();
    hub_options options;
    std::shared_ptr<event_hub> hub;
    /// With a watch that looks when it is asked to, and never by itself.
    bool has_watch = false;
    std::shared_ptr<crud::store_watch> watch;
    std::vector<std::chrono::steady_clock::duration> watch_pauses;

    /// Without signs of life, unless the test asks for them.
    event_fixture() { options.heartbeat = options.stream_poll = std::chrono::hours(1); }
    ~event_fixture()
    {
        if (hub) stop();
    }

    void begin()
    {
        hub_dependencies parts;
        parts.crud = crud;
        parts.source = source;
        parts.log = log;
        parts.options = options;
        if (has_watch) watch = make_watch();
        parts.watch = watch;
        hub = std::make_shared<event_hub>(std::move(parts));
        if (watch) {
            watch->add(hub);
            watch->start(context.get_executor());
        }
        hub->start(context.get_executor());
    }

    void stop()
    {
        if (watch) run(watch->stop());
        run(hub->stop());
    }

    std::shared_ptr<crud::store_watch> make_watch()
    {
        crud::watch_options scripted;
        scripted.min_rest = scripted.min_rest_waited_for = 0;
        scripted.wait = [this](async_event& event, std::chrono::steady_clock::duration time,
                               std::stop_token stop) -> boost::asio::awaitable<void> {
            watch_pauses.push_back(time);
            co_await event.wait(std::move(stop));
        };
        return std::make_shared<crud::store_watch>(crud, nullptr, std::move(scripted));
    }

    template <class T>
    T run(boost::asio::awaitable<T> coroutine)
    {
        auto outcome =
            boost::asio::co_spawn(context, std::move(coroutine), boost::asio::use_future);
        while (outcome.wait_for(std::chrono::seconds(0)) != std::future_status::ready) {
            context.restart();
            context.run_one();
        }
        return outcome.get();
    }

    /// All that can happen now.
    void settle()
    {
        context.restart();
        context.poll();
    }

    /// Writes a session to the store, without a word to anybody.
    sessions::session_change store(const std::string& id, const std::string& kwh,
                                   const std::string& contract = "C1")
    {
        const auto json = ocpi::test::session_text(
            {{"id", '"' + id + '"'},
             {"kwh", kwh},
             {"cdr_token", R"({"country_code":"DE","party_id":"EMP","uid":"U","type":"RFID",)"
                           R"("contract_id":")" +
                               contract + R"("})"}});
        const crud::object_key key("ES", "ABC", id);
        const crud::object_key place("ES", "ABC", id);
        crud::document document(place, json, date_time::from_milliseconds(0), std::nullopt);
        document.contract.emplace(contract);
        auto& behind = crud->behind();
        const auto side = crud::interface_side::receiver;
        // Upon an executor of its own, so that nothing else goes on meanwhile.
        using ocpi::test::run_awaitable;
        const auto known = run_awaitable(behind.get("sessions", side, place));
        const auto written =
            known ? run_awaitable(behind.update("sessions", side, document, known->revision))
                  : run_awaitable(behind.create("sessions", side, document));
        REQUIRE(written.has_value());
        return sessions::session_change(key, *written, std::nullopt, ci_string(contract),
                                        std::make_shared<const std::string>(json));
    }

    /// Writes a session and tells the hub, which has not read it yet. Its change number.
    std::string write(const std::string& id, const std::string& kwh,
                      const std::string& contract = "C1")
    {
        const auto change = store(id, kwh, contract);
        hub->on_store_revision(change.revision);
        return std::to_string(change.revision);
    }

    std::shared_ptr<http::body_stream> subscribe(const std::string& id,
                                                 std::optional<crud::revision> last_seen = {},
                                                 contract_scope filter = {})
    {
        const crud::object_key key("es", "abc", id);
        const auto stream = hub->subscribe(key, std::move(filter), last_seen);
        REQUIRE(stream.has_value());
        return *stream;
    }

    std::shared_ptr<http::body_stream> subscribe_all(std::optional<crud::revision> last_seen = {},
                                                     contract_scope filter = {})
    {
        const auto stream = run(hub->subscribe_all(std::move(filter), last_seen));
        REQUIRE(stream.has_value());
        return *stream;
    }
};

/// Reads a stream when the test wants it to.
class reader {
public:
    reader(event_fixture& fixture, std::shared_ptr<http::body_stream> stream)
        : fixture_(&fixture), stream_(std::move(stream))
    {
    }
    ~reader() { leave(); }

    /// All there is to read now, as it came.
    std::string read()
    {
        std::string text;
        for (;;) {
            fixture_->settle();
            if (!next_.valid()) ask();
            fixture_->settle();
            if (next_.wait_for(std::chrono::seconds(0)) != std::future_status::ready) return text;
            const auto piece = next_.get();
            if (!piece) {
                has_ended_ = true;
                return text;
            }
            CHECK(!piece->empty());
            text += *piece;
        }
    }

    std::vector<read_event> events() { return parse_events(read()); }

    /// The next piece, however long it takes.
    std::optional<std::string> await_piece()
    {
        if (!next_.valid()) ask();
        while (next_.wait_for(std::chrono::seconds(0)) != std::future_status::ready) {
            fixture_->context.restart();
            fixture_->context.run_one();
        }
        return next_.get();
    }

    bool has_ended() const { return has_ended_; }

    /// As a connection does when its reader has gone.
    void leave()
    {
        if (!stream_) return;
        stream_->close();
        fixture_->settle();
        stream_.reset();
    }

private:
    void ask()
    {
        next_ = boost::asio::co_spawn(fixture_->context, stream_->next(), boost::asio::use_future);
    }

    event_fixture* fixture_;
    std::shared_ptr<http::body_stream> stream_;
    std::future<std::optional<std::string>> next_;
    bool has_ended_ = false;
};

using events = std::vector<read_event>;

}  // namespace ocpi::status::fixtures
