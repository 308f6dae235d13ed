#pragma once

#include "crud/crud.hpp"
#include "modules/managed/energy_prices.hpp"
#include "modules/managed/policy.hpp"
#include "modules/sessions/evse_directory.hpp"
#include "modules/sessions/session_reader.hpp"
#include "modules/sessions/session_snapshot.hpp"
#include "modules/sessions/snapshot_source.hpp"
#include "ocpi/protocol/party.hpp"

#include <boost/asio/awaitable.hpp>

#include <memory>
#include <optional>
#include <vector>

namespace ocpi::managed {

using sessions::session_ptr;
using sessions::session_snapshot;

/// Reads OCPI Sessions and what plans need to know of their EVSEs and prices. Safe from any thread.
class snapshot_reader {
public:
    /// `prices`: nullptr: all times cost the same. `evses`: the capabilities of our own EVSEs;
    /// nullptr: unknown. `own_cpo_parties`: our parties that are CPOs.
    snapshot_reader(std::shared_ptr<Crud> crud, std::shared_ptr<energy_prices> prices,
                    std::shared_ptr<sessions::evse_directory> evses,
                    std::vector<party> own_cpo_parties);

    /// nullptr when there is none, or it cannot be read.
    boost::asio::awaitable<result<session_ptr>> find(crud::object_key key);

    /// nullptr if the record cannot be read, or has no status or no start.
    boost::asio::awaitable<session_ptr> read(const crud::record& record);

    /// Where it takes them from.
    sessions::snapshot_source& snapshots() noexcept { return snapshots_; }

    /// Of the latest 100 sessions of these contracts, those that are not over.
    boost::asio::awaitable<result<std::vector<session_ptr>>> list_live(
        std::vector<ci_string> contracts);

    /// All times cost the same if the prices cannot be read: there is a plan all the same.
    boost::asio::awaitable<price_curve> prices_for(const policy& rule,
                                                   const session_snapshot& session);

    /// For a session of our own: whether its EVSE is known not to accept charging preferences.
    boost::asio::awaitable<std::optional<bool>> preferences_unsupported(
        const session_snapshot& session);

    /// The session's CPO is one of our parties.
    bool is_own(const crud::object_key& key) const;

private:
    sessions::session_reader sessions_;  ///< only read
    sessions::snapshot_source snapshots_;
    const std::shared_ptr<energy_prices> prices_;
    const std::shared_ptr<sessions::evse_directory> evses_;
    const std::vector<party> own_cpo_parties_;
};

}  // namespace ocpi::managed
