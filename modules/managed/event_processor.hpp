#pragma once

#include "modules/managed/managed_store.hpp"
#include "modules/managed/policy_store.hpp"
#include "modules/managed/snapshot_reader.hpp"
#include "modules/managed/transition.hpp"
#include "ocpi/protocol/contract_id.hpp"

#include <boost/asio/awaitable.hpp>

#include <optional>
#include <string>
#include <utility>

namespace ocpi::managed {

/// An event of one policy.
struct policy_event {
    std::string policy_id;
    event what;
    /// Since when the event is in force.
    date_time now;
    /// The OCPI Session that it is about; nullptr, for target_set and rule_replaced: the one
    /// under way, if there is one that is `visible`.
    session_ptr session;
    contract_scope visible{};

    policy_event(std::string id, event happened, date_time at, session_ptr about = nullptr)
        : policy_id(std::move(id)), what(std::move(happened)), now(at), session(std::move(about))
    {
    }
};

/// Processes events: loads what is stored, calls apply(), saves the result. Callers process the
/// events of one policy one after another, so that they rarely conflict; other processes may
/// write at the same time.
class event_processor {
public:
    event_processor(policy_store& policies, managed_store& records, snapshot_reader& reader)
        : policies_(policies), records_(records), reader_(reader)
    {
    }

    /// The state after the event; again after a write conflict. If another policy manages the
    /// session, its record is returned as it is. errc::not_found, for an event without a session,
    /// when there is no such policy.
    boost::asio::awaitable<result<managed_state>> process(policy_event what);

private:
    struct loaded {
        managed_state state;
        event_inputs inputs;
        /// Of the session's record; std::nullopt: not stored yet.
        std::optional<crud::revision> revision;
    };

    boost::asio::awaitable<result<managed_state>> process_once(const policy_event& what);
    boost::asio::awaitable<result<loaded>> load(const policy_event& what);
    boost::asio::awaitable<result<void>> load_record(crud::object_key key, loaded& into);
    boost::asio::awaitable<result<void>> load_under_way(const contract_scope& visible,
                                                        loaded& into);
    boost::asio::awaitable<result<void>> load_inputs(const policy_event& what, loaded& into);
    boost::asio::awaitable<result<bool>> is_newest(const loaded& among);
    boost::asio::awaitable<result<void>> save(const loaded& before, const managed_state& after);

    policy_store& policies_;
    managed_store& records_;
    snapshot_reader& reader_;
};

}  // namespace ocpi::managed
