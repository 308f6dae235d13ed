#pragma once

#include "crud/repository.hpp"
#include "modules/managed/managed_session.hpp"
#include "modules/sessions/session.hpp"
#include "ocpi/base/error.hpp"

#include <boost/asio/awaitable.hpp>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ocpi::managed {

/// The Crud module of managed-session records.
inline constexpr std::string_view managed_session_records = "managed_sessions";

using stored_session = crud::stored<managed_session>;

/// Managed-session records, stored through the Crud port in the module managed_session_records,
/// each under the key of its OCPI Session. Safe from any thread.
class managed_store {
public:
    explicit managed_store(std::shared_ptr<Crud> crud);

    /// std::nullopt when that session is not managed.
    boost::asio::awaitable<result<std::optional<stored_session>>> find(crud::object_key key);

    /// Updates the record that was read at the revision `base`; without one, creates it. Fails with
    /// a crud::is_write_conflict() if the record has changed. Returns the new revision.
    boost::asio::awaitable<result<crud::revision>> save(crud::object_key key,
                                                        const managed_session& session,
                                                        std::optional<crud::revision> base);

    /// Removes the record that was read at the revision `base`; a crud::is_write_conflict() if it
    /// has changed or is gone.
    boost::asio::awaitable<result<void>> remove(crud::object_key key, crud::revision base);

    /// Removes the record if it is of that policy; no effect otherwise. A
    /// crud::is_write_conflict() if it changes meanwhile.
    boost::asio::awaitable<result<void>> release(crud::object_key key, std::string policy_id);

    /// A page of the sessions that have not settled, starting behind the position `after`; and the
    /// position of its last one, std::nullopt at the end.
    struct live_page {
        std::vector<crud::object_key> keys;
        std::optional<std::string> last;
    };
    boost::asio::awaitable<result<live_page>> list_live(std::optional<std::string> after);

private:
    std::shared_ptr<Crud> crud_;
    crud::repository<managed_session> records_;
};

}  // namespace ocpi::managed
