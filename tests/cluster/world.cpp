#include "tests/cluster/world.hpp"

#include "app/database.hpp"
#include "ocpi/json/document.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <stdexcept>
#include <utility>

namespace cluster {

using namespace ocpi;
using namespace std::chrono_literals;

namespace {

/// Between a message and its record, while more runs than there are processors.
constexpr instant slack = 250;

std::vector<boost::asio::ip::tcp::endpoint> addresses_of(const process_group& processes)
{
    std::vector<boost::asio::ip::tcp::endpoint> all;
    for (std::size_t i = 0; i < process_group::size; ++i) all.push_back(processes.address(i));
    return all;
}

}  // namespace

world::world(const database_urls& urls, unsigned seed, bool has_leases)
    : processes(urls.of_processes), url_(urls.direct)
{
    MESSAGE("seed ", seed);
    app::database_settings settings;
    settings.url = url_;
    store_ = app::open_database(settings, nullptr);
    changes_.emplace(store_);
    register_partners(urls);
    if (has_leases) leases.emplace(url_);
    callers.emplace(processes.balancer(), std::vector<std::string>{"EM1", "EM2"}, seed);
    for (std::size_t i = 0; i < process_group::size; ++i) {
        events_.push_back(
            std::make_unique<event_follower>(addresses_of(processes), i, callers->recorded));
    }
    REQUIRE(callers->await_writes(50));
}

void world::register_partners(const database_urls& urls)
{
    for (const char* const id : {"EM1", "EM2"}) {
        auto added = test::run_command(
            {"token", "add", "--database", urls.of_processes[0], "--kind", "partner", "--name", id,
             "--role", std::string("EMSP:DE*") + id, "--role", std::string("CPO:DE*") + id,
             "--registration", "--trusted"});
        REQUIRE_MESSAGE(added.exit_status == 0, added.errors);
        partners.push_back(std::make_unique<partner_receiver>(
            id, party("DE", id), [this] { return processes.processes(); }));
        partners.back()->register_with(processes.balancer(),
                                       added.output.substr(0, added.output.find('\n')));
    }
}

std::size_t world::await_owner(const std::string& lease) const
{
    std::size_t owner = process_group::size;
    REQUIRE(test::eventually([&] {
        const auto holder = leases->holder(lease);
        if (holder != 0) owner = processes.number_of(holder);
        return owner < process_group::size;
    }));
    return owner;
}

void world::finish()
{
    callers->stop();
    REQUIRE(processes.await_ready());
    read_sessions();
    CHECK(test::find_violation(callers->recorded.operations()) == "");
    check_partners();
    check_events();
    check_changes();
    check_totals();
    check_ownership();
    CHECK(processes.stop());
    if (is_well_) return;
    for (std::size_t i = 0; i < process_group::size; ++i) {
        MESSAGE("the log of process ", i, ":\n", processes.log(i));
    }
}

/// Reads each session at each process: all of them see the same.
void world::read_sessions()
{
    const auto tried = callers->sessions();
    for (std::size_t i = 0; i < process_group::size; ++i) {
        test::recorded_client client(processes.address(i), callers->recorded, callers->numbers);
        for (const auto& session : tried) REQUIRE(client.get(session));
    }
    for (const auto& each : callers->recorded.operations()) {
        if (each.what != test::operation::kind::read || !each.seen) continue;
        present_.insert(each.session);
        values_[each.session] = each.seen->value;
    }
    MESSAGE(callers->recorded.operations().size(), " requests, ", callers->acknowledged(),
            " writes acknowledged, ", present_.size(), " sessions");
}

std::map<std::string, std::string> world::list_sessions()
{
    std::map<std::string, std::string> listed;
    test::ocpi_client client(processes.balancer(), "your-token");
    for (;;) {
        const auto page = client.request(
            "GET", "/ocpi/cpo/2.3.0/sessions?limit=1000&offset=" + std::to_string(listed.size()));
        REQUIRE(page);
        REQUIRE_MESSAGE(page->status == 200, page->body);
        const auto parsed = json::parse(page->body);
        const auto sessions = *parsed->root().find("data");
        for (const auto each : sessions) {
            listed[std::string(each.find("id")->string())] = std::string(each.text());
        }
        if (sessions.size() == 0) return listed;
    }
}

void world::check_partners()
{
    const auto listed = list_sessions();
    for (const auto& partner : partners) {
        std::map<std::string, std::string> stored;
        for (const auto& [id, text] : listed) {
            if (traffic::party_of(id) == partner->name()) stored[id] = text;
        }
        // Behind what was refused or not answered, it waits up to some seconds.
        const auto begun = now();
        test::eventually(
            [&] { return find_partner_violation(partner->sessions(), stored).empty(); }, 20s);
        const auto wrong = find_partner_violation(partner->sessions(), stored);
        CHECK(wrong == "");
        is_well_ = is_well_ && wrong.empty();
        CHECK_FALSE(stored.empty());
        MESSAGE(partner->name(), ": ", stored.size(), " sessions, ", partner->receipts().size(),
                " messages, complete after another ", now() - begun, " ms");
    }
}

void world::check_events()
{
    const auto tried = callers->sessions();
    for (const auto& each : events_) {
        test::eventually([&] { return each->last_values(tried) == values_; }, 5s);
        CHECK(test::find_stream_violation(each->events(tried), callers->recorded.operations(),
                                          values_) == "");
        MESSAGE(each->events(tried).size(), " events in ", each->streams(), " streams");
    }
}

void world::check_changes()
{
    const auto stored = read_revisions(*store_);
    CHECK(stored.size() == present_.size());
    test::eventually([&] { return changes_->last_revisions() == stored; }, 5s);
    CHECK(find_change_violation(changes_->seen(), stored) == "");
}

void world::check_totals()
{
    for (std::size_t i = 0; i < process_group::size; ++i) {
        test::ocpi_client client(processes.address(i), "your-token");
        std::vector<std::string> listed;
        CHECK(test::compare_totals(client, listed) == "");
        CHECK(std::set<std::string>(listed.begin(), listed.end()) == present_);
        CHECK(listed.size() == present_.size());
    }
}

void world::check_ownership()
{
    if (!leases) return;
    std::vector<receipt> receipts;
    for (const auto& each : partners) {
        const auto received = each->receipts();
        receipts.insert(receipts.end(), received.begin(), received.end());
    }
    const auto has_ended = [this](pid_t process) { return processes.has_ended(process); };
    CHECK(find_ownership_violation(leases->samples(), receipts, slack, has_ended) == "");
    int unknown = 0;
    for (const auto& each : receipts) unknown += each.process == 0 ? 1 : 0;
    CHECK(unknown * 20 <= static_cast<int>(receipts.size()));
}

}  // namespace cluster
