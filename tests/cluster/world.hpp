#pragma once

#include "tests/cluster/change_follower.hpp"
#include "tests/cluster/event_follower.hpp"
#include "tests/cluster/lease_watch.hpp"
#include "tests/cluster/partner_receiver.hpp"
#include "tests/cluster/process_group.hpp"
#include "tests/cluster/traffic.hpp"

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace cluster {

/// The URLs of one database.
struct database_urls {
    /// For each process.
    std::array<std::string, process_group::size> of_processes;
    /// For the test itself, by libpq.
    std::string direct;
};

/// Three processes behind HAProxy, two partners, callers that write, and everything that is
/// recorded. A test does harm to the processes and their database, and then calls finish().
class world {
public:
    /// `has_leases`: only one process at a time sends to a partner.
    world(const database_urls& urls, unsigned seed, bool has_leases = true);

    process_group processes;
    std::vector<std::unique_ptr<partner_receiver>> partners;
    std::optional<lease_watch> leases;
    std::optional<traffic> callers;

    const partner_receiver& partner(std::size_t number) const { return *partners[number]; }
    /// The lease of the push to a partner.
    std::string push_lease(std::size_t partner) const
    {
        return "push/" + partners[partner]->name();
    }
    /// Waits for a holder of that lease; the number of its process.
    std::size_t await_owner(const std::string& lease) const;

    /// Stops the callers and checks everything: acknowledged writes and reads, the sessions of the
    /// partners, events, the order of change, totals, and who held the leases.
    void finish();

private:
    void register_partners(const database_urls& urls);
    void read_sessions();
    void check_partners();
    void check_events();
    void check_changes();
    void check_totals();
    void check_ownership();
    /// What the list says of each session, by id.
    std::map<std::string, std::string> list_sessions();

    const std::string url_;
    std::shared_ptr<ocpi::Crud> store_;
    std::optional<change_follower> changes_;
    std::vector<std::unique_ptr<event_follower>> events_;
    std::set<std::string> present_;
    std::map<std::string, std::string> values_;
    bool is_well_ = true;
};

}  // namespace cluster
