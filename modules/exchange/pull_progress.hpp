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

/// How far the sessions of a partner are pulled.
struct progress_mark {
    /// Every session that changed before this instant, by its own last_updated, has been offered
    /// to the store.
    date_time date_from;
    /// Between which parties that is so, such as `ES*CPO>DE*EMP`.
    std::vector<std::string> covers;

    progress_mark() = default;
    progress_mark(date_time from, std::vector<std::string> between)
        : date_from(from), covers(std::move(between))
    {
    }

    friend bool operator==(const progress_mark&, const progress_mark&) = default;
};

/// Remembers per partner how far its sessions are pulled, in one record each of the module
/// `pull_progress`. Safe from any thread and from several processes at once.
class pull_progress {
public:
    explicit pull_progress(std::shared_ptr<Crud> crud);

    /// Nothing when nothing was pulled from that partner, or when the record cannot be read.
    boost::asio::awaitable<result<std::optional<progress_mark>>> find(std::string partner);

    /// Remembers a mark; never one that is before the one remembered.
    boost::asio::awaitable<result<void>> advance(std::string partner, progress_mark reached);

private:
    crud::repository<progress_mark> marks_;
};

}  // namespace ocpi::exchange
