#pragma once

#include "modules/managed/managed_session_service.hpp"
#include "modules/sessions/session_writer.hpp"
#include "ocpi/base/completion.hpp"
#include "tests/support/managed_text.hpp"
#include "tests/support/run_awaitable.hpp"
#include "tests/support/scripted_crud.hpp"

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace ocpi::managed_test {

/// A CPO that answers to charging preferences what a test tells it to.
class scripted_forwarder final : public sessions::preferences_forwarder {
public:
    /// The bodies that were sent.
    std::vector<std::string> asked;
    std::string response = "ACCEPTED";
    std::optional<error> failure;
    bool is_there = true;
    /// Runs while the CPO has the request, and the answer is still to come.
    std::function<void()> before_answer = [] {};
    /// It then answers when answer_all() is called.
    bool is_slow = false;

    std::size_t waiting() const { return waiting_.size(); }
    void answer_all()
    {
        for (auto& each : std::exchange(waiting_, {})) each(true);
    }

    boost::asio::awaitable<bool> can_reach(party) override { co_return is_there; }
    boost::asio::awaitable<result<sessions::forwarded_preferences>> forward(
        party, party, std::string, std::string body, std::string, protocol::trace_context) override
    {
        asked.push_back(std::move(body));
        before_answer();
        const auto wait = [this](completion<bool> turn) { waiting_.push_back(std::move(turn)); };
        if (is_slow) co_await await_completion<bool>(wait);
        if (failure) co_return *failure;
        co_return sessions::forwarded_preferences(response);
    }

private:
    std::vector<completion<bool>> waiting_;
};

/// A store of sessions and a manager of them, at a time that a test sets; 09:00 to begin with.
struct managed_world {
    std::shared_ptr<adjustable_clock> time = std::make_shared<adjustable_clock>();
    std::shared_ptr<test::scripted_crud> crud = std::make_shared<test::scripted_crud>();
    std::shared_ptr<scripted_forwarder> cpo = std::make_shared<scripted_forwarder>();
    std::shared_ptr<managed::managed_session_service> manager;
    std::shared_ptr<sessions::session_writer> store;

    explicit managed_world(std::vector<party> own_parties = {})
    {
        time->set(moment("09:00"));
        managed::service_dependencies parts;
        parts.crud = crud;
        parts.time = time;
        parts.forwarder = cpo;
        parts.own_cpo_parties = std::move(own_parties);
        manager = std::make_shared<managed::managed_session_service>(std::move(parts));
        store =
            std::make_shared<sessions::session_writer>(crud, sessions::change_listeners{manager});
    }

    static crud::object_key key(const std::string& id) { return crud::object_key("ES", "ABC", id); }

    /// At that time the CPO sends this session. True when it was taken.
    bool put(const std::string& time_of_day, const std::string& id, std::vector<member> changes)
    {
        time->set(moment(time_of_day));
        const auto text = text_of(id, std::move(changes));
        constexpr auto tolerant = sessions::strictness::tolerant;
        auto sent = sessions::read_session(text, sessions::body_kind::whole, tolerant, key(id));
        if (sent.has_error()) return false;
        constexpr auto side = crud::interface_side::receiver;
        return test::run_awaitable(store->put(side, key(id), *sent, tolerant, time->now()))
            .has_value();
    }

    static std::string text_of(const std::string& id, std::vector<member> changes)
    {
        const auto base = *json::parse(test::session_text({{"id", '"' + id + '"'}}));
        std::vector<member> members;
        for (const auto each : base.root()) members.emplace_back(each.name(), each.text());
        for (auto& change : changes) {
            std::erase_if(members, [&](const member& one) { return one.first == change.first; });
            members.push_back(std::move(change));
        }
        return test::write_object(members);
    }

    void create(const managed::policy& rule)
    {
        test::run_awaitable(manager->create_policy(rule)).value();
    }

    std::string current(const std::string& time_of_day, const std::string& id = "P1",
                        contract_scope visible = {})
    {
        time->set(moment(time_of_day));
        auto shown = test::run_awaitable(manager->current_session(id, std::move(visible)));
        return shown.has_value() ? *shown : shown.error().text();
    }

    std::string set_target(const std::string& time_of_day, std::optional<managed::target> wanted)
    {
        time->set(moment(time_of_day));
        auto set = test::run_awaitable(manager->change_target("P1", std::move(wanted)));
        return set.has_value() ? *set : set.error().text();
    }

    /// The view of a session by its id within the CPO's platform; the error's text.
    std::string view(const std::string& id)
    {
        constexpr auto side = crud::interface_side::sender;
        auto record = test::run_awaitable(store->reader().get(side, key(id)));
        if (record.has_error()) return record.error().text();
        auto shown = test::run_awaitable(manager->view(std::move(*record)));
        return shown.has_value() ? *shown : shown.error().text();
    }
};

}  // namespace ocpi::managed_test
