#include "modules/exchange/push_fsm.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <vector>

namespace push_fsm_test {

using namespace ocpi;
using namespace ocpi::exchange;
using ocpi::crud::object_key;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using lines = std::vector<std::string>;
using time_point = push_fsm::time_point;

namespace {

object_key key(const std::string& id)
{
    return object_key("ES", "ABC", id);
}

push_options make_options()
{
    push_options options;
    options.max_in_flight = 2;
    options.max_unstored = 3;
    options.max_rejected = 3;
    options.page_size = 4;
    options.partner_backoff = backoff{milliseconds(1000), milliseconds(8000)};
    options.session_backoff = backoff{minutes(1), minutes(60)};
    options.unreached_backoff = backoff{seconds(5), minutes(5)};
    options.progress_interval = seconds(5);
    options.poll_interval = seconds(60);
    return options;
}

std::shared_ptr<push_target> make_target(const std::string& registration = "r1")
{
    auto target = std::make_shared<push_target>();
    target->access.name = "emp";
    target->registration = registration;
    target->url = "https://emp.example/sessions";
    target->emsps = {party("DE", "EMP")};
    return target;
}

push_page page_of(std::vector<std::pair<std::string, crud::revision>> changes, bool is_last = true)
{
    push_page page;
    for (auto& [id, revision] : changes) page.changes.push_back({key(id), revision});
    page.is_last_page = is_last;
    return page;
}

push_report report_of(push_outcome outcome, crud::revision revision = 0)
{
    push_report report(outcome, "HTTP 500");
    report.revision = revision;
    report.was_sent = true;
    return report;
}

/// A machine whose actions are written down, one line each, and that is told by the test what came
/// of them.
struct fsm_fixture {
    push_options options = make_options();
    push_fsm machine{"emp", {party("ES", "ABC")}, options, 7};
    time_point now = time_point(std::chrono::hours(1000));
    push_progress saved;
    lines log;
    time_point wait_until{};

    /// All that the machine wants done now.
    lines actions()
    {
        lines wanted;
        for (;;) {
            const auto action = machine.next(now);
            if (const auto* wait = std::get_if<push_action::wait>(&action)) {
                wait_until = wait->until;
                return wanted;
            }
            if (const auto* line = std::get_if<push_action::write_log>(&action)) {
                if (line->level != log_level::debug) log.push_back(line->text);
                continue;
            }
            wanted.push_back(describe(action));
            if (wanted.back() == "finish") return wanted;
        }
    }

    std::string describe(const push_action::any& action)
    {
        if (const auto* send = std::get_if<push_action::send>(&action)) {
            return "send " + send->message.key.id.str();
        }
        if (const auto* read = std::get_if<push_action::read_page>(&action)) {
            return "read after " + std::to_string(read->after);
        }
        if (const auto* save = std::get_if<push_action::save_progress>(&action)) {
            saved = save->progress;
            return "save " + std::to_string(saved.revision);
        }
        if (std::holds_alternative<push_action::read_progress>(action)) return "read progress";
        if (std::holds_alternative<push_action::forget>(action)) return "forget";
        return "finish";
    }

    static stored_progress progress_at(crud::revision revision, std::vector<object_key> rejected)
    {
        stored_progress found;
        found.revision = 100;
        found.value.url = "https://emp.example/sessions";
        found.value.registration = "r1";
        found.value.party_pairs = fold_case("ES*ABC > DE*EMP ");
        found.value.revision = revision;
        found.value.rejected = std::move(rejected);
        return found;
    }

    bool has_logged(std::string_view text) const
    {
        return std::any_of(log.begin(), log.end(),
                           [&](const auto& line) { return line.find(text) != std::string::npos; });
    }

    /// The partner is there, and its progress was saved at that revision.
    void follow_from(crud::revision revision, std::vector<object_key> rejected = {})
    {
        machine.assign(make_target());
        CHECK(actions() == lines{"read progress"});
        machine.progress_read(progress_at(revision, std::move(rejected)));
    }

    /// The same, and these changes were read.
    void follow_with(std::vector<std::pair<std::string, crud::revision>> changes)
    {
        follow_from(0);
        CHECK(actions() == lines{"read after 0"});
        machine.page_read(page_of(std::move(changes)));
    }

    void acknowledge(const std::string& id, crud::revision revision)
    {
        machine.sent(key(id), report_of(push_outcome::done, revision), now);
    }

    /// After machine.answered().
    void store(const std::string& id, crud::revision revision,
               push_outcome outcome = push_outcome::done)
    {
        auto report = report_of(outcome, revision);
        report.was_answered = true;
        machine.sent(key(id), report, now);
    }

    void end(const std::string& id, push_outcome outcome, crud::revision revision = 0)
    {
        machine.sent(key(id), report_of(outcome, revision), now);
    }
};

}  // namespace

TEST_CASE_FIXTURE(fsm_fixture, "modules/exchange/push_fsm: without a target there is no work")
{
    CHECK(actions().empty());
    CHECK(wait_until == time_point::max());
    machine.changed(now);
    CHECK(actions().empty());
}

TEST_CASE_FIXTURE(fsm_fixture, "modules/exchange/push_fsm: a new partner gets all sessions")
{
    machine.assign(make_target());
    CHECK(actions() == lines{"read progress"});
    machine.progress_read(std::nullopt);
    CHECK(actions() == lines{"save 0"});
    CHECK(saved.url == "https://emp.example/sessions");
    CHECK(saved.registration == "r1");
    machine.progress_saved(5);
    CHECK(actions() == lines{"read after 0"});
    machine.page_read(page_of({{"a", 1}, {"b", 3}}));
    CHECK(actions() == lines{"send a", "send b"});
}

TEST_CASE_FIXTURE(fsm_fixture, "modules/exchange/push_fsm: what changed since the progress is read")
{
    follow_from(40, {key("bad")});
    CHECK(actions() == lines{"send bad", "read after 40"});
    machine.page_read(page_of({{"a", 41}}, false));
    CHECK(actions() == lines{"send a", "read after 41"});
    machine.page_read(page_of({}));
    CHECK(actions().empty());
    CHECK(wait_until == now + options.poll_interval);
}

TEST_CASE_FIXTURE(fsm_fixture, "modules/exchange/push_fsm: a change makes the machine read on")
{
    follow_with({});
    CHECK(actions().empty());
    machine.changed(now);
    CHECK(actions() == lines{"read after 0"});
    machine.changed(now);
    CHECK(actions().empty());
    auto page = page_of({{"a", 1}});
    page.as_of = 9;
    machine.page_read(page);
    CHECK(actions() == lines{"send a", "read after 9"});
}

TEST_CASE_FIXTURE(fsm_fixture, "modules/exchange/push_fsm: other processes' changes are polled for")
{
    follow_with({});
    CHECK(actions().empty());
    now += options.poll_interval;
    CHECK(actions() == lines{"read after 0"});
}

TEST_CASE_FIXTURE(fsm_fixture,
                  "modules/exchange/push_fsm: a session that changes in flight is sent once more")
{
    follow_with({{"a", 1}});
    CHECK(actions() == lines{"send a"});
    machine.changed(now);
    CHECK(actions() == lines{"read after 1"});
    machine.page_read(page_of({{"a", 7}}));
    CHECK(actions().empty());
    acknowledge("a", 5);
    CHECK(actions() == lines{"send a", "save 6"});
    acknowledge("a", 7);
    machine.progress_saved(101);
    CHECK(actions().empty());
    CHECK(machine.backlog() == 0);
}

TEST_CASE_FIXTURE(fsm_fixture,
                  "modules/exchange/push_fsm: no more is read than can be sent at some time soon")
{
    follow_from(0);
    CHECK(actions() == lines{"read after 0"});
    machine.page_read(page_of({{"a", 1}, {"b", 2}, {"c", 3}, {"d", 4}}, false));
    CHECK(actions() == lines{"send a", "send b", "read after 4"});
    machine.page_read(page_of({{"e", 5}, {"f", 6}, {"g", 7}, {"h", 8}}, false));
    CHECK(actions().empty());
    acknowledge("a", 1);
    acknowledge("b", 2);
    CHECK(actions() == lines{"send c", "send d", "save 2"});
    acknowledge("c", 3);
    machine.progress_saved(101);
    CHECK(actions() == lines{"send e", "read after 8"});
}

TEST_CASE_FIXTURE(fsm_fixture,
                  "modules/exchange/push_fsm: the progress stops before the first that is missing")
{
    follow_with({{"a", 1}, {"b", 2}, {"c", 3}});
    CHECK(actions() == lines{"send a", "send b"});
    acknowledge("b", 2);
    CHECK(actions() == lines{"send c"});
    acknowledge("c", 3);
    CHECK(actions().empty());
    acknowledge("a", 1);
    CHECK(actions() == lines{"save 3"});
    machine.progress_saved(101);
    CHECK(actions().empty());
}

TEST_CASE_FIXTURE(fsm_fixture, "modules/exchange/push_fsm: the progress is saved from time to time")
{
    follow_with({{"a", 1}});
    CHECK(actions() == lines{"send a"});
    acknowledge("a", 1);
    CHECK(actions() == lines{"save 1"});
    machine.progress_saved(101);
    machine.changed(now);
    CHECK(actions() == lines{"read after 1"});
    machine.page_read(page_of({{"a", 4}}));
    CHECK(actions() == lines{"send a"});
    now += seconds(1);
    acknowledge("a", 4);
    CHECK(actions().empty());
    CHECK(wait_until == now + seconds(4));
    now += seconds(4);
    CHECK(actions() == lines{"save 4"});
}

TEST_CASE_FIXTURE(
    fsm_fixture,
    "modules/exchange/push_fsm: a rejected session stops no other and is saved by name")
{
    follow_with({{"a", 1}, {"b", 2}});
    CHECK(actions() == lines{"send a", "send b"});
    end("a", push_outcome::rejected, 1);
    acknowledge("b", 2);
    CHECK(actions() == lines{"save 2"});
    REQUIRE(saved.rejected.size() == 1);
    CHECK(saved.rejected.front().folded() == key("a").folded());
    CHECK(log == lines{"the partner emp refuses the session ES*ABC/a: HTTP 500; it is tried again "
                       "later, or when it changes"});
    machine.progress_saved(101);
    machine.changed(now);
    CHECK(actions() == lines{"read after 2"});
    machine.page_read(page_of({}));
    CHECK(actions().empty());
    CHECK(wait_until == now + minutes(1));
    now += minutes(1);
    CHECK(actions() == lines{"send a", "read after 2"});
    end("a", push_outcome::rejected, 1);
    machine.page_read(page_of({{"a", 9}}));
    CHECK(actions() == lines{"send a", "save 9"});
    acknowledge("a", 9);
    machine.progress_saved(102);
    now += options.progress_interval;
    CHECK(actions() == lines{"save 9"});
    CHECK(saved.rejected.empty());
    CHECK(log.size() == 1);
}

TEST_CASE_FIXTURE(fsm_fixture,
                  "modules/exchange/push_fsm: rejected sessions beyond the limit are found again")
{
    follow_with({{"a", 1}, {"b", 2}, {"c", 3}, {"d", 4}, {"e", 5}});
    std::set<std::string> tried;
    for (auto sends = actions(); !sends.empty(); sends = actions()) {
        for (const auto& each : sends) {
            if (!each.starts_with("send ")) {
                machine.progress_saved(101);
                continue;
            }
            const auto id = each.substr(5);
            tried.insert(id);
            end(id, push_outcome::rejected, static_cast<crud::revision>(id[0] - 'a' + 1));
        }
    }
    CHECK(tried.size() == 5);
    CHECK(saved.revision < 4);
    CHECK(machine.backlog() == 3);
    CHECK(has_logged("refuses more than 3 sessions"));
    now += options.session_backoff.max;
    if (actions().back().starts_with("save")) machine.progress_saved(102);
    CHECK(actions() == lines{"read after " + std::to_string(saved.revision)});
}

TEST_CASE_FIXTURE(fsm_fixture,
                  "modules/exchange/push_fsm: a partner that fails gets one message after a pause")
{
    follow_with({{"a", 1}, {"b", 2}, {"c", 3}});
    CHECK(actions() == lines{"send a", "send b"});
    end("a", push_outcome::failed);
    CHECK(actions().empty());
    CHECK(wait_until > now);
    CHECK(wait_until <= now + seconds(1));
    // What was in flight at the time of the failure does not count.
    end("b", push_outcome::failed);
    CHECK(actions().empty());
    now = wait_until;
    CHECK(actions() == lines{"send c"});
    end("c", push_outcome::failed);
    CHECK(actions().empty());
    now = wait_until;
    CHECK(actions() == lines{"send a"});
    CHECK(log.size() == 1);
    acknowledge("a", 1);
    CHECK(actions() == lines{"send b", "send c", "save 1"});
    CHECK(log.back() == "sessions reach the partner emp again");
}

TEST_CASE_FIXTURE(fsm_fixture, "modules/exchange/push_fsm: a requested pause is kept")
{
    follow_with({{"a", 1}});
    CHECK(actions() == lines{"send a"});
    auto busy = report_of(push_outcome::failed);
    busy.retry_after = seconds(120);
    machine.sent(key("a"), busy, now);
    machine.changed(now);
    CHECK(actions().empty());
    CHECK(wait_until >= now + seconds(120));
    CHECK(wait_until <= now + seconds(132));
    now = wait_until;
    CHECK(actions() == lines{"send a", "read after 1"});
}

TEST_CASE_FIXTURE(fsm_fixture, "modules/exchange/push_fsm: during a pause nothing is read")
{
    follow_with({{"a", 1}});
    CHECK(actions() == lines{"send a"});
    end("a", push_outcome::failed);
    machine.changed(now);
    CHECK(actions().empty());
    now = wait_until;
    CHECK(actions() == lines{"send a", "read after 1"});
}

TEST_CASE_FIXTURE(
    fsm_fixture, "modules/exchange/push_fsm: a session that fails while others succeed is rejected")
{
    follow_with({{"bad", 1}});
    crud::revision good = 1;
    for (int round = 0; round < 100 && !has_logged("refuses"); ++round) {
        for (const auto& each : actions()) {
            if (each == "send bad") end("bad", push_outcome::failed);
            if (each == "send good") acknowledge("good", good);
            if (each.starts_with("read")) machine.page_read(page_of({{"good", ++good}}));
            if (each.starts_with("save")) machine.progress_saved(101);
        }
        machine.changed(now);
        now += seconds(1);
    }
    CHECK(has_logged("refuses the session ES*ABC/bad"));
    CHECK(good < 20);
}

TEST_CASE_FIXTURE(fsm_fixture,
                  "modules/exchange/push_fsm: an eMSP that the hub does not reach is retried soon")
{
    follow_with({{"a", 1}});
    CHECK(actions() == lines{"send a"});
    end("a", push_outcome::unreached, 1);
    CHECK(actions() == lines{"save 1"});
    machine.progress_saved(101);
    CHECK(actions().empty());
    CHECK(wait_until == now + seconds(5));
    CHECK(log.back().find("does not reach the eMSP of the session ES*ABC/a") != std::string::npos);
}

TEST_CASE_FIXTURE(fsm_fixture,
                  "modules/exchange/push_fsm: acknowledgements without an envelope are logged once")
{
    follow_with({{"a", 1}, {"b", 2}});
    CHECK(actions() == lines{"send a", "send b"});
    for (const auto* id : {"a", "b"}) {
        auto bare = report_of(push_outcome::done, 2);
        bare.is_without_envelope = true;
        machine.sent(key(id), bare, now);
    }
    CHECK(actions() == lines{"save 2"});
    CHECK(log.size() == 1);
}

TEST_CASE_FIXTURE(fsm_fixture, "modules/exchange/push_fsm: a failed store is called again later")
{
    machine.assign(make_target());
    CHECK(actions() == lines{"read progress"});
    machine.store_failed(error(errc::storage, "disk full"), now);
    CHECK(actions().empty());
    CHECK(wait_until == now + seconds(1));
    now += seconds(1);
    CHECK(actions() == lines{"read progress"});
    machine.progress_read(progress_at(3, {}));
    CHECK(actions() == lines{"read after 3"});
    machine.store_failed(error(errc::storage, "disk full"), now);
    CHECK(actions().empty());
    now += seconds(1);
    CHECK(actions() == lines{"read progress"});
    machine.progress_read(progress_at(3, {}));
    CHECK(actions() == lines{"read after 3"});
    machine.page_read(page_of({{"a", 4}}));
    CHECK(actions() == lines{"send a"});
    end("a", push_outcome::store_failed);
    CHECK(actions().empty());
    CHECK(wait_until == now + seconds(1));
    now += seconds(1);
    CHECK(actions() == lines{"send a"});
}

TEST_CASE_FIXTURE(fsm_fixture,
                  "modules/exchange/push_fsm: a progress that another process has written is read")
{
    follow_with({{"a", 1}, {"b", 2}});
    CHECK(actions() == lines{"send a", "send b"});
    acknowledge("a", 1);
    CHECK(actions() == lines{"save 1"});
    machine.store_failed(error(errc::conflict, "the record has changed"), now);
    CHECK(actions() == lines{"read progress"});
    acknowledge("b", 2);
    machine.progress_read(progress_at(8, {}));
    CHECK(actions() == lines{"read after 8"});
    machine.page_read(page_of({}));
    CHECK(actions().empty());
}

TEST_CASE_FIXTURE(fsm_fixture,
                  "modules/exchange/push_fsm: when the partner leaves its acknowledgements go too")
{
    follow_with({{"a", 1}, {"b", 2}, {"c", 3}});
    CHECK(actions() == lines{"send a", "send b"});
    machine.assign(nullptr);
    CHECK(machine.backlog() == 0);
    CHECK(actions().empty());
    acknowledge("a", 1);
    CHECK(actions().empty());
    end("b", push_outcome::failed);
    CHECK(actions() == lines{"forget"});
    machine.forgotten();
    CHECK(actions().empty());
    machine.assign(make_target());
    CHECK(actions() == lines{"read progress"});
    auto cleared = progress_at(0, {});
    cleared.value.url.clear();
    cleared.value.since = 50;
    machine.progress_read(cleared);
    CHECK(actions() == lines{"save 0"});
    CHECK(saved.since == 50);
}

TEST_CASE_FIXTURE(fsm_fixture,
                  "modules/exchange/push_fsm: at a new address everything is sent again")
{
    follow_with({{"a", 1}});
    CHECK(actions() == lines{"send a"});
    auto moved = make_target();
    moved->url = "https://elsewhere.example/sessions";
    machine.assign(moved);
    acknowledge("a", 1);
    CHECK(actions() == lines{"read progress"});
    machine.progress_read(progress_at(1, {}));
    CHECK(actions() == lines{"forget"});
    machine.forgotten();
    CHECK(actions() == lines{"read progress"});
    auto cleared = progress_at(0, {});
    cleared.value.url.clear();
    machine.progress_read(cleared);
    CHECK(actions() == lines{"save 0"});
    CHECK(saved.url == "https://elsewhere.example/sessions");
}

TEST_CASE_FIXTURE(fsm_fixture, "modules/exchange/push_fsm: another eMSP makes all changes be read")
{
    follow_from(40);
    CHECK(actions() == lines{"read after 40"});
    auto grown = make_target();
    grown->emsps.emplace_back("DE", "TWO");
    machine.assign(grown);
    machine.page_read(page_of({{"a", 41}}));
    CHECK(actions() == lines{"read progress"});
    machine.progress_read(progress_at(40, {}));
    CHECK(actions() == lines{"save 0"});
    machine.progress_saved(101);
    CHECK(actions() == lines{"read after 0"});
}

TEST_CASE_FIXTURE(fsm_fixture, "modules/exchange/push_fsm: a new token is no new target")
{
    follow_with({{"a", 1}});
    CHECK(actions() == lines{"send a"});
    end("a", push_outcome::failed);
    CHECK(actions().empty());
    auto renewed = make_target();
    renewed->access.token = "another";
    machine.assign(renewed);
    const auto action = machine.next(now);
    REQUIRE(std::holds_alternative<push_action::send>(action));
    CHECK(std::get<push_action::send>(action).target == renewed);
}

TEST_CASE_FIXTURE(fsm_fixture, "modules/exchange/push_fsm: it stops when all in flight is answered")
{
    follow_with({{"a", 1}, {"b", 2}, {"c", 3}});
    CHECK(actions() == lines{"send a", "send b"});
    machine.stop();
    CHECK(actions().empty());
    acknowledge("a", 1);
    CHECK(actions().empty());
    acknowledge("b", 2);
    CHECK(actions() == lines{"save 2"});
    machine.progress_saved(101);
    CHECK(actions() == lines{"finish"});
}

TEST_CASE_FIXTURE(fsm_fixture, "modules/exchange/push_fsm: a store that fails holds up no stop")
{
    follow_with({{"a", 1}});
    CHECK(actions() == lines{"send a"});
    acknowledge("a", 1);
    machine.stop();
    CHECK(actions() == lines{"save 1"});
    machine.store_failed(error(errc::storage, "disk full"), now);
    CHECK(actions() == lines{"finish"});
}

TEST_CASE_FIXTURE(fsm_fixture,
                  "modules/exchange/push_fsm: messages are sent while acknowledgements are written")
{
    follow_with({{"a", 1}, {"b", 2}, {"c", 3}, {"d", 4}, {"e", 5}, {"f", 6}});
    CHECK(actions() == lines{"send a", "send b"});
    machine.answered();
    machine.answered();
    CHECK(actions() == lines{"send c", "send d"});
    store("b", 2);
    CHECK(actions().empty());
    machine.answered();
    CHECK(actions() == lines{"send e"});
    // Three acknowledgements are being written, and that is all that may be.
    machine.answered();
    CHECK(actions().empty());
    store("c", 3);
    CHECK(actions() == lines{"send f"});
    CHECK(machine.backlog() == 4);
}

TEST_CASE_FIXTURE(
    fsm_fixture,
    "modules/exchange/push_fsm: what is accepted and not stored holds up progress, probe and end")
{
    follow_with({{"a", 1}, {"b", 2}, {"c", 3}});
    CHECK(actions() == lines{"send a", "send b"});
    machine.answered();
    acknowledge("b", 2);
    CHECK(actions() == lines{"send c"});
    end("c", push_outcome::failed);
    CHECK(actions().empty());
    now = wait_until;
    CHECK(actions() == lines{"send c"});
    // The answer to the probe: until it is stored no other message is sent.
    machine.answered();
    machine.changed(now);
    CHECK(actions() == lines{"read after 3"});
    machine.page_read(page_of({{"d", 4}}));
    CHECK(actions().empty());
    store("c", 3);
    CHECK(actions() == lines{"send d"});
    machine.stop();
    acknowledge("d", 4);
    CHECK(actions().empty());
    store("a", 1, push_outcome::store_failed);
    CHECK(actions() == lines{"finish"});
}

TEST_CASE_FIXTURE(fsm_fixture,
                  "modules/exchange/push_fsm: a partner that leaves waits for what is being stored")
{
    follow_with({{"a", 1}});
    CHECK(actions() == lines{"send a"});
    machine.answered();
    machine.assign(nullptr);
    CHECK(actions().empty());
    store("a", 1);
    CHECK(actions() == lines{"forget"});
}

namespace {

/// A store, a partner and processes that end without notice, driven by random events.
class push_model {
public:
    explicit push_model(unsigned seed) : random_(seed) { restart(); }

    void step()
    {
        switch (random_() % 8) {
            case 0:
            case 1: write(); break;
            case 2: now_ += milliseconds(random_() % 3000); break;
            case 3:
                if (random_() % 40 == 0) restart();
                break;
            default: end_one(); break;
        }
        act();
    }

    /// Until the partner, healthy from now on, has everything.
    bool settle()
    {
        is_healthy_ = true;
        for (int round = 0; round < 20'000; ++round) {
            act();
            if (!pending_.empty()) {
                end_one();
            } else if (is_complete()) {
                return true;
            } else {
                now_ = std::max(now_ + milliseconds(1), std::min(wait_until_, now_ + minutes(90)));
                machine_->changed(now_);
            }
        }
        return false;
    }

    bool is_complete() const
    {
        return std::all_of(latest_.begin(), latest_.end(), [&](const auto& each) {
            const auto found = acknowledged_.find(each.first);
            return found != acknowledged_.end() && found->second >= each.second;
        });
    }

private:
    void write()
    {
        latest_["S" + std::to_string(random_() % 12)] = ++revision_;
        machine_->changed(now_);
    }

    void restart()
    {
        machine_.emplace("emp", std::vector<party>{party("ES", "ABC")}, make_options(), random_());
        pending_.clear();
        in_flight_.clear();
        unstored_.clear();
        machine_->assign(make_target());
    }

    void act()
    {
        for (;;) {
            auto action = machine_->next(now_);
            if (const auto* wait = std::get_if<push_action::wait>(&action)) {
                CHECK(wait->until > now_);
                wait_until_ = wait->until;
                return;
            }
            if (std::holds_alternative<push_action::write_log>(action)) continue;
            if (const auto* send = std::get_if<push_action::send>(&action)) {
                const auto id = send->message.key.id.str();
                CHECK(in_flight_.insert(id).second);
                CHECK(in_flight_.size() - unstored_.size() <= make_options().max_in_flight);
            }
            if (const auto* save = std::get_if<push_action::save_progress>(&action)) check(*save);
            pending_.push_back(std::move(action));
        }
    }

    /// Everything up to the progress is acknowledged, or is saved as rejected.
    void check(const push_action::save_progress& save) const
    {
        for (const auto& [id, revision] : latest_) {
            if (revision > save.progress.revision) continue;
            const auto found = acknowledged_.find(id);
            const bool is_acknowledged = found != acknowledged_.end() && found->second >= revision;
            const auto& rejected = save.progress.rejected;
            const bool is_rejected =
                std::any_of(rejected.begin(), rejected.end(),
                            [&](const auto& each) { return each.id == key(id).id; });
            CHECK((is_acknowledged || is_rejected));
        }
    }

    void end_one()
    {
        if (pending_.empty()) return;
        const auto index = random_() % pending_.size();
        auto action = std::move(pending_[index]);
        pending_.erase(pending_.begin() + static_cast<std::ptrdiff_t>(index));
        const bool is_store_well = is_healthy_ || random_() % 20 != 0;
        if (const auto* send = std::get_if<push_action::send>(&action)) {
            const bool is_answer = random_() % 2 == 0 && answer(*send);
            if (is_answer) return pending_.push_back(std::move(action));
            end_send(*send);
        } else if (!is_store_well) {
            machine_->store_failed(error(errc::storage, "disk full"), now_);
        } else if (const auto* read = std::get_if<push_action::read_page>(&action)) {
            machine_->page_read(list(read->after));
        } else if (const auto* save = std::get_if<push_action::save_progress>(&action)) {
            stored_ = stored_progress();
            stored_->value = save->progress;
            stored_->revision = ++revision_;
            machine_->progress_saved(revision_);
        } else if (std::holds_alternative<push_action::read_progress>(action)) {
            machine_->progress_read(stored_);
        } else {
            stored_.reset();
            acknowledged_.clear();
            machine_->forgotten();
        }
    }

    /// False if it was answered before.
    bool answer(const push_action::send& send)
    {
        if (!unstored_.insert(send.message.key.id.str()).second) return false;
        CHECK(unstored_.size() <= make_options().max_unstored + make_options().max_in_flight);
        machine_->answered();
        return true;
    }

    void end_send(const push_action::send& send)
    {
        const auto id = send.message.key.id.str();
        in_flight_.erase(id);
        const bool was_answered = unstored_.erase(id) > 0;
        const auto revision = latest_.at(id);
        auto outcome = push_outcome::done;
        if (!is_healthy_) {
            switch (was_answered ? 3 + random_() % 2 : random_() % 8) {
                case 0: outcome = push_outcome::failed; break;
                case 1: outcome = push_outcome::rejected; break;
                case 2: outcome = push_outcome::unreached; break;
                case 3: outcome = push_outcome::store_failed; break;
                default: break;
            }
        }
        if (outcome == push_outcome::done) acknowledged_[id] = revision;
        auto report = report_of(outcome, revision);
        report.was_answered = was_answered;
        machine_->sent(send.message.key, report, now_);
    }

    push_page list(crud::revision after) const
    {
        std::map<crud::revision, std::string> changes;
        for (const auto& [id, revision] : latest_) {
            if (revision > after) changes.emplace(revision, id);
        }
        push_page page;
        for (const auto& [revision, id] : changes) {
            if (page.changes.size() == make_options().page_size) {
                page.is_last_page = false;
                return page;
            }
            page.changes.push_back({key(id), revision});
        }
        page.as_of = revision_;
        return page;
    }

    std::mt19937 random_;
    time_point now_ = time_point(std::chrono::hours(1000));
    time_point wait_until_{};
    std::optional<push_fsm> machine_;
    std::vector<push_action::any> pending_;
    std::set<std::string> in_flight_;
    std::set<std::string> unstored_;
    bool is_healthy_ = false;

    crud::revision revision_ = 0;
    std::map<std::string, crud::revision> latest_;
    std::map<std::string, crud::revision> acknowledged_;
    std::optional<stored_progress> stored_;
};

}  // namespace

TEST_CASE("modules/exchange/push_fsm: whatever happens, each session is delivered in the end")
{
    const auto seed = std::random_device{}();
    for (unsigned run = 0; run < 40; ++run) {
        INFO("seed ", seed + run);
        push_model model(seed + run);
        for (int step = 0; step < 1500; ++step) model.step();
        CHECK(model.settle());
    }
}

TEST_CASE_FIXTURE(
    fsm_fixture,
    "modules/exchange/push_fsm: its state tells what the partner lacks, and since when")
{
    CHECK_FALSE(machine.state_of_push());
    follow_with({});
    CHECK(actions().empty());
    REQUIRE(machine.state_of_push());
    CHECK_FALSE(machine.state_of_push()->lacking_since);
    const auto noticed_at = now;
    machine.changed(now);
    CHECK(machine.state_of_push()->lacking_since == noticed_at);
    CHECK(actions() == lines{"read after 0"});
    now += std::chrono::seconds(5);
    machine.page_read(page_of({{"a", 6}, {"b", 7}}));
    CHECK(actions() == lines{"send a", "send b", "save 5"});
    CHECK(machine.state_of_push()->backlog == 2);
    CHECK(machine.state_of_push()->lacking_since == noticed_at);
    acknowledge("a", 6);
    end("b", push_outcome::rejected, 7);
    CHECK(machine.state_of_push()->backlog == 0);
    CHECK(machine.state_of_push()->rejected == 1);
    CHECK_FALSE(machine.state_of_push()->lacking_since);
    machine.assign(nullptr);
    CHECK_FALSE(machine.state_of_push());
}

}  // namespace push_fsm_test
