#pragma once

#include "crud/repository.hpp"
#include "modules/sessions/session_record.hpp"
#include "ocpi/base/error.hpp"

#include <boost/asio/awaitable.hpp>

#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace ocpi::exchange {

/// "That partner has that revision of the session."
struct acknowledgement {
    std::string partner;
    crud::revision revision = 0;
};

using stored_mark = crud::stored<acknowledgement>;

/// How far a partner has everything. Sessions that it has refused are listed by name.
struct push_progress {
    /// Where it was pushed to, and by which registration.
    std::string url;
    std::string registration;
    /// Of which parties' sessions this speaks.
    std::string scope;
    /// Whatever changed up to here, it has, but for what is owed.
    crud::revision revision = 0;
    /// Marks written before belong to another registration and are ignored.
    crud::revision since = 0;
    std::vector<crud::object_key> owed;

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

    boost::asio::awaitable<result<std::optional<stored_mark>>> find(crud::object_key key);

    /// Records that the partner has this revision, unless a later one is recorded.
    /// `found` is the result of find().
    boost::asio::awaitable<result<void>> write(crud::object_key key, std::string partner,
                                               crud::revision revision,
                                               std::optional<stored_mark> found);

    /// The session's record was rewritten, the session as it was: a partner that has it at `from`
    /// has it at `to`. For while nothing is pushed.
    boost::asio::awaitable<result<void>> carry_over(crud::object_key key, crud::revision from,
                                                    crud::revision to);

    boost::asio::awaitable<result<std::optional<stored_progress>>> find_progress(
        std::string partner);

    /// errc::conflict when it is not at that revision any more; without one it must be new, else
    /// errc::already_exists. Returns the revision of this write: every write with a smaller one
    /// is seen by reads from now on.
    boost::asio::awaitable<result<crud::revision>> save_progress(
        std::string partner, push_progress progress, std::optional<crud::revision> base);

    /// Forgets what the partner has acknowledged, because its registration has ended: everything is
    /// sent to it again. To be called while nothing is pushed to it.
    boost::asio::awaitable<result<void>> forget(std::string partner);

private:
    crud::repository<acknowledgement> marks_;
    crud::repository<push_progress> progress_;
};

}  // namespace ocpi::exchange
