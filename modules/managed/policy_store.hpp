#pragma once

#include "crud/repository.hpp"
#include "modules/managed/policy.hpp"
#include "modules/managed/target_history.hpp"
#include "modules/sessions/session.hpp"
#include "ocpi/base/error.hpp"
#include "ocpi/base/keyed_mutex.hpp"
#include "ocpi/protocol/contract_id.hpp"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace ocpi::managed {

/// A policy and the state of its sessions.
struct stored_policy {
    policy rule;
    /// Targets of the next session; moved into the session when it begins.
    target_history upcoming;
    /// The session in progress, if any.
    std::optional<crud::object_key> current;
    /// Start of the latest of its sessions, settled or not.
    std::optional<date_time> last_session_start;
    /// std::nullopt: not stored yet.
    std::optional<crud::revision> revision;
    /// The revision of its creation, and one from before its last change of rule.
    crud::revision created = 0;
    crud::revision rule_revision = 0;
};

/// Policies, stored through the Crud port, with an in-memory index of their contracts and
/// locations. Safe from any thread and from several processes at once. Where the store is shared
/// (Crud::leases()), ids() and matching() include each policy whose creation or change was answered
/// before the call, by any process; elsewhere changes by other processes take effect within a
/// second.
class policy_store {
public:
    /// For refresh().
    static constexpr std::chrono::milliseconds no_age{0};
    static constexpr std::chrono::milliseconds max_age{1000};

    explicit policy_store(std::shared_ptr<Crud> crud);

    /// errc::not_found when there is none.
    boost::asio::awaitable<result<stored_policy>> find(std::string id);

    /// Stores a new or a changed policy; fails with a crud::is_write_conflict() when another was
    /// quicker.
    boost::asio::awaitable<result<void>> save(stored_policy& changed);

    /// errc::not_found when there is none.
    boost::asio::awaitable<result<void>> remove(std::string id);

    /// The ids of all policies, or of those with one of these contracts; in order of creation.
    boost::asio::awaitable<result<std::vector<std::string>>> ids(contract_scope of_contracts);

    /// The policy that manages a session: by contract and location, the oldest of several.
    /// std::nullopt when there is none.
    boost::asio::awaitable<result<std::optional<std::string>>> matching(
        const sessions::session& of);
    /// The same, where the index may be a second old: for the rows of a list whose request has
    /// refreshed it.
    boost::asio::awaitable<result<std::optional<std::string>>> recently_matching(
        const sessions::session& of);

    /// The policies with that contract, as known since the last refresh(). Does not block.
    std::vector<std::string> known_ids(const ci_string& contract) const;

    /// False while no policy is known. Does not block.
    bool has_policies() const;

    /// Reads what other processes have changed, unless that was begun no longer ago than that.
    boost::asio::awaitable<result<void>> refresh(std::chrono::milliseconds age);
    /// The same as ids() and matching() do.
    boost::asio::awaitable<result<void>> refresh() { return refresh(usual_age_); }

    /// From now on take_new_contracts() has something to return.
    void collect_new_contracts();
    /// The contracts of policies that refresh() has found since the last call, and that were not
    /// known to be theirs: sessions of theirs may have changed before the policies were known.
    std::vector<ci_string> take_new_contracts();

private:
    struct known_policy {
        crud::revision created;
        std::vector<ci_string> contracts;
        policy_location location;
    };
    using clock = std::chrono::steady_clock;

    boost::asio::awaitable<result<void>> read_changes();
    bool is_fresh(clock::time_point since) const;
    std::optional<std::string> find_match(const ci_string& contract,
                                          const sessions::session& of) const;
    void remember(const stored_policy& stored);
    void collect(const policy& found);
    void forget(const std::string& id);
    void forget_locked(const std::string& id);

    std::shared_ptr<Crud> crud_;
    crud::repository<stored_policy> records_;
    const std::chrono::milliseconds usual_age_;
    keyed_mutex reading_;
    mutable std::mutex mutex_;
    // All guarded by mutex_.
    std::unordered_map<std::string, known_policy> known_;
    /// Ids by contract_key().
    std::unordered_map<std::string, std::vector<std::string>> by_contract_;
    /// Revision up to which other processes' changes are known.
    crud::revision seen_ = 0;
    /// When the last refresh() began that succeeded.
    std::optional<clock::time_point> refreshed_at_;
    /// std::nullopt: they are not collected.
    std::optional<std::vector<ci_string>> new_contracts_;
};

}  // namespace ocpi::managed
