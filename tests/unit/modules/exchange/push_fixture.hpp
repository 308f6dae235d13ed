#pragma once

#include "crud/memory/memory_crud.hpp"
#include "modules/exchange/acknowledgements.hpp"
#include "modules/exchange/push.hpp"
#include "modules/sessions/session_writer.hpp"
#include "partners/partner_store.hpp"
#include "tests/support/partner_network.hpp"
#include "tests/support/recording_logger.hpp"
#include "tests/support/session_text.hpp"
#include "tests/support/written_at.hpp"

#include <doctest/doctest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include <chrono>
#include <functional>
#include <future>
#include <memory>
#include <string>
#include <vector>

namespace ocpi::exchange::fixtures {

using ocpi::test::member;
using ocpi::test::session_text;

/// Our side, with a pusher, and the partners' side, on one thread.
struct push_fixture {
    boost::asio::io_context context;
    std::shared_ptr<Crud> crud = std::make_shared<crud::memory_crud>();
    std::shared_ptr<partners::partner_store> partners =
        std::make_shared<partners::partner_store>(crud);
    std::shared_ptr<ocpi::test::partner_network> network =
        std::make_shared<ocpi::test::partner_network>();
    std::shared_ptr<ocpi::test::recording_logger> log =
        std::make_shared<ocpi::test::recording_logger>();
    push_options options = quick();
    /// Of the requests by which sessions are put.
    protocol::trace_context trace;
    std::shared_ptr<pusher> push;
    std::shared_ptr<sessions::session_writer> sessions;

    ~push_fixture() { end(); }

    /// Waits that a test can sit through, and no look at anything unless the test asks for it.
    static push_options quick()
    {
        push_options quick;
        quick.partner_poll = std::chrono::hours(1);
        quick.poll_interval = std::chrono::hours(1);
        quick.progress_interval = std::chrono::hours(1);
        quick.partner_backoff = backoff{std::chrono::milliseconds(1), std::chrono::milliseconds(4)};
        quick.session_backoff = backoff{std::chrono::hours(1), std::chrono::hours(1)};
        quick.unreached_backoff = quick.session_backoff;
        quick.stop_grace = std::chrono::milliseconds(50);
        quick.seed = 7;
        return quick;
    }

    /// Before all else: another store.
    void use(std::shared_ptr<Crud> store)
    {
        crud = std::move(store);
        partners = std::make_shared<partners::partner_store>(crud);
    }

    /// A process begins.
    void begin()
    {
        push = make_pusher();
        sessions =
            std::make_shared<sessions::session_writer>(crud, sessions::change_listeners{push});
        push->start(context.get_executor());
    }

    std::shared_ptr<pusher> make_pusher()
    {
        push_dependencies parts;
        parts.crud = crud;
        parts.partners = partners;
        parts.client = std::make_shared<partners::platform_client>(network);
        parts.own_cpo_parties = {party("ES", "ABC")};
        parts.log = log;
        parts.options = options;
        return std::make_shared<pusher>(std::move(parts));
    }

    /// A process ends.
    void end()
    {
        if (!push) return;
        run(push->stop());
        push.reset();
        sessions.reset();
    }

    template <class T>
    T run(boost::asio::awaitable<T> coroutine)
    {
        auto outcome =
            boost::asio::co_spawn(context, std::move(coroutine), boost::asio::use_future);
        run_until(
            [&] { return outcome.wait_for(std::chrono::seconds(0)) == std::future_status::ready; });
        return outcome.get();
    }

    /// Runs until that has come to be.
    void run_until(const std::function<bool()>& is_so)
    {
        const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(30);
        while (!is_so()) {
            context.restart();
            context.run_one_for(std::chrono::milliseconds(20));
            if (std::chrono::steady_clock::now() > limit) FAIL("it never came to be: " << state());
        }
    }

    std::string state() const
    {
        std::string text = log->text();
        for (const auto& line : network->log()) text += line + '\n';
        return text;
    }

    static partners::partner make_partner(const std::string& name, const std::string& emsp)
    {
        partners::partner made;
        made.name = name;
        made.state = partners::partner_state::registered;
        made.token = "token-of-" + name;
        made.roles.emplace_back(party_role::emsp, party("DE", emsp));
        made.endpoints.emplace_back("sessions", partners::interface_role::receiver,
                                    "https://" + name + ".example/ocpi/sessions");
        return made;
    }

    /// Registers it, or changes what is known of it.
    void save(const partners::partner& changed)
    {
        const auto known = run(partners->find(changed.name));
        std::optional<crud::revision> base;
        if (*known) base = (*known)->revision;
        REQUIRE(run(partners->save(changed, base)).has_value());
        if (push) push->partners_changed();
    }

    void add_partner(const std::string& name, const std::string& emsp)
    {
        save(make_partner(name, emsp));
    }

    static std::string token_of(const std::string& emsp)
    {
        return R"({"country_code":"DE","party_id":")" + emsp +
               R"(","uid":"U1","type":"RFID","contract_id":"C1"})";
    }

    static std::string at_minute(int minute)
    {
        const auto text = std::to_string(100 + minute).substr(1);
        return "\"2024-01-01T11:" + text + ":00Z\"";
    }

    /// Our backend writes the session.
    void put(const std::string& id, int minute, std::vector<member> changes = {},
             const std::string& emsp = "EMP")
    {
        changes.emplace_back("id", '"' + id + '"');
        changes.emplace_back("cdr_token", token_of(emsp));
        changes.emplace_back("last_updated", at_minute(minute));
        std::vector<member> members;
        const auto base = *json::parse(session_text());
        for (auto each : base.root()) {
            members.emplace_back(std::string(each.name()), std::string(each.text()));
        }
        for (auto& change : changes) {
            std::erase_if(members, [&](const member& each) { return each.first == change.first; });
            members.push_back(std::move(change));
        }
        const crud::object_key key("ES", "ABC", id);
        const auto sent =
            sessions::read_session(ocpi::test::write_object(members), sessions::body_kind::whole,
                                   ocpi::sessions::strictness::strict, key);
        REQUIRE(sent.has_value());
        // What happens while no process of ours pushes is written past it.
        sessions::session_writer behind(crud);
        auto& through = sessions ? *sessions : behind;
        REQUIRE(run(through.put(crud::interface_side::sender, key, *sent,
                                ocpi::sessions::strictness::strict, ocpi::test::written_at, trace))
                    .has_value());
    }

    std::string text_in(Crud& store, const std::string& id)
    {
        const crud::object_key key("ES", "ABC", id);
        const auto found = run(store.get("sessions", crud::interface_side::sender, key));
        return found.has_value() ? found->document.json : "";
    }

    /// Does the partner hold the session as we do?
    bool is_with(const std::string& name, const std::string& id)
    {
        const auto theirs = text_in(network->store_of(name), id);
        const auto ours = text_in(*crud, id);
        if (theirs.empty() || ours.empty()) return false;
        return json::same(json::parse(theirs)->root(), json::parse(ours)->root(),
                          json::number_equality::spelling);
    }

    /// Is it written down that it holds the session as we do?
    bool is_marked(const std::string& name, const std::string& id)
    {
        const crud::object_key key("ES", "ABC", id);
        const auto ours = run(crud->get("sessions", crud::interface_side::sender, key));
        acknowledgements stored_state(crud);
        const auto mark = run(stored_state.find(crud::object_key("ES", "ABC", id)));
        return ours.has_value() && mark.has_value() && *mark && (*mark)->value.partner == name &&
               (*mark)->value.revision == ours->revision;
    }

    void run_until_marked(const std::string& name, const std::string& id)
    {
        run_until([&] { return is_marked(name, id); });
        CHECK(is_with(name, id));
    }

    crud::revision progress_of(const std::string& name)
    {
        acknowledgements stored_state(crud);
        const auto found = run(stored_state.find_progress(name));
        return found.has_value() && *found ? (*found)->value.revision : 0;
    }

    std::vector<std::string> sent() const { return network->log(); }
};

}  // namespace ocpi::exchange::fixtures
