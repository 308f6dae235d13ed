#pragma once

#include "crud/repository.hpp"
#include "ocpi/base/date_time.hpp"
#include "ocpi/base/error.hpp"

#include <boost/asio/awaitable.hpp>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace ocpi::exchange {

/// Progress of pulling a partner's sessions.
struct progress_mark {
    /// Every session with a last_updated before this instant has been offered to the store.
    date_time date_from;
    /// The pairs of parties covered, such as `ES*CPO>DE*EMP`.
    std::vector<std::string> covers;

    progress_mark() = default;
    progress_mark(date_time from, std::vector<std::string> between)
        : date_from(from), covers(std::move(between))
    {
    }

    friend bool operator==(const progress_mark&, const progress_mark&) = default;
};

/// Stores the pull progress of each partner in one record of the module `pull_progress`. Safe from
/// any thread and from several processes at once.
class pull_progress {
public:
    explicit pull_progress(std::shared_ptr<Crud> crud);

    /// std::nullopt when that partner was never pulled, or when the record cannot be read.
    boost::asio::awaitable<result<std::optional<progress_mark>>> find(std::string partner);

    /// Stores a mark unless it is before the stored one.
    boost::asio::awaitable<result<void>> advance(std::string partner, progress_mark reached);

private:
    crud::repository<progress_mark> marks_;
};

}  // namespace ocpi::exchange
