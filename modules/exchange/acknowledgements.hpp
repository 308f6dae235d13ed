#pragma once

#include "crud/repository.hpp"
#include "modules/sessions/session_record.hpp"
#include "ocpi/base/error.hpp"

#include <boost/asio/awaitable.hpp>

#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ocpi::exchange {

/// The Crud module of acknowledgements: each has the key of its session.
inline constexpr std::string_view acknowledgement_records = "acknowledgements";

/// That partner has that revision of the session.
struct acknowledgement {
    std::string partner;
    crud::revision revision = 0;
};

using stored_acknowledgement = crud::stored<acknowledgement>;

/// What a partner has acknowledged.
struct push_progress {
    /// The target of the push, and the registration by which it is known. An empty URL: there is
    /// none.
    std::string url;
    std::string registration;
    /// Between which parties the sessions are sent.
    std::string party_pairs;
    /// The partner has all changes up to this revision but those of the rejected sessions.
    crud::revision revision = 0;
    /// Acknowledgements written up to this revision belong to an earlier registration.
    crud::revision since = 0;
    std::vector<crud::object_key> rejected;

    /// For `since`: the revision that the record gets by being written.
    static constexpr auto this_write = std::numeric_limits<crud::revision>::max();
};

using stored_progress = crud::stored<push_progress>;

/// The durable state of the push, kept through the Crud port: the modules `acknowledgements` (a
/// record for each session) and `push_progress` (one for each partner). Safe from any thread and
/// from several processes.
class acknowledgements {
public:
    explicit acknowledgements(std::shared_ptr<Crud> crud);

    boost::asio::awaitable<result<std::optional<stored_acknowledgement>>> find(
        crud::object_key key);

    /// Stores that the partner has this revision, unless a later one is stored. `found`: as
    /// returned by find().
    boost::asio::awaitable<result<void>> write(crud::object_key key, std::string partner,
                                               crud::revision revision,
                                               std::optional<stored_acknowledgement> found);

    /// The session's record was rewritten and the session is unchanged: a partner that has revision
    /// `from` has revision `to`.
    boost::asio::awaitable<result<void>> carry_over(crud::object_key key, crud::revision from,
                                                    crud::revision to);

    boost::asio::awaitable<result<std::optional<stored_progress>>> find_progress(
        std::string partner);

    /// Writes over the stored revision `base`, else errc::conflict; std::nullopt: the record must
    /// be new, else errc::already_exists. Returns the revision of this write: later reads see every
    /// write with a smaller one.
    boost::asio::awaitable<result<crud::revision>> save_progress(
        std::string partner, push_progress progress, std::optional<crud::revision> base);

    /// The partner's registration has ended: its acknowledgements do not count any more. Not to be
    /// called while a session is in flight to it.
    boost::asio::awaitable<result<void>> forget(std::string partner);

private:
    crud::repository<acknowledgement> sessions_;
    crud::repository<push_progress> progress_;
};

}  // namespace ocpi::exchange
