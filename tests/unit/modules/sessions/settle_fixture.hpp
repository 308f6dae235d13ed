#pragma once

#include "modules/sessions/session_writer.hpp"
#include "tests/support/meter_text.hpp"
#include "tests/support/run_awaitable.hpp"
#include "tests/support/scripted_crud.hpp"
#include "tests/support/session_text.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace ocpi::sessions::fixtures {

using ocpi::test::run_awaitable;

/// Keeps what it is told.
class change_log final : public change_listener {
public:
    struct entry {
        std::string id;
        crud::revision revision;
        bool has_settled;
    };
    std::vector<entry> changes;

    void on_change(const session_change& change) noexcept override
    {
        changes.push_back(entry{change.key.id.str(), change.revision, change.has_settled});
    }
};

/// A store that waits an hour for final readings, at 10:30 on the day of session_text().
struct settle_fixture {
    std::shared_ptr<ocpi::test::scripted_crud> crud = std::make_shared<ocpi::test::scripted_crud>();
    std::shared_ptr<adjustable_clock> time = std::make_shared<adjustable_clock>();
    std::shared_ptr<change_log> log = std::make_shared<change_log>();
    std::shared_ptr<session_writer> sessions = make_store(std::chrono::hours(1));

    settle_fixture() { set_clock("10:30"); }

    std::shared_ptr<session_writer> make_store(final_reading_timeout timeout)
    {
        final_reading_rule rule;
        rule.timeout = timeout;
        rule.time = time;
        return std::make_shared<session_writer>(crud, change_listeners{log}, std::move(rule));
    }

    void set_clock(const std::string& time_of_day)
    {
        time->set(parse_date_time("2024-01-01T" + time_of_day + ":00Z")->value);
    }

    static crud::object_key key(const std::string& id) { return crud::object_key("ES", "ABC", id); }

    /// Writes a session that is over, but for its final reading.
    void put_awaiting(const std::string& id, const std::string& end,
                      const std::string& last_updated = "10:30")
    {
        put(id, ocpi::test::session_text(
                    {{"id", '"' + id + '"'},
                     {"status", R"("COMPLETED")"},
                     {"end_date_time", ocpi::test::at(end)},
                     {"meter_value", ocpi::test::registers({{"10:00", "0"}, {"10:15", "10.5"}})},
                     {"last_updated", ocpi::test::at(last_updated)}}));
    }

    void put(const std::string& id, const std::string& text)
    {
        const auto sent = read_session(text, body_kind::whole, strictness::strict, key(id));
        REQUIRE(sent.has_value());
        REQUIRE(run_awaitable(sessions->put(crud::interface_side::receiver, key(id), *sent,
                                            strictness::strict, time->now()))
                    .has_value());
    }

    crud::record stored(const std::string& id)
    {
        return *run_awaitable(sessions->reader().get(crud::interface_side::receiver, key(id)));
    }

    std::size_t settle() { return *run_awaitable(sessions->settle_overdue()); }
};

}  // namespace ocpi::sessions::fixtures
