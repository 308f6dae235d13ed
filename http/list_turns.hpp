#pragma once

#include "auth/principal.hpp"
#include "http/list_limits.hpp"
#include "ocpi/base/completion.hpp"
#include "ocpi/base/error.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>

namespace ocpi::http {

/// Limits each caller's concurrent lists, first come first served, and the lists of all callers
/// that are being made. A caller never waits for another to take its answer, only for lists to be
/// made. Callers are told apart by caller_key(). Safe from any thread.
class list_turns : public std::enable_shared_from_this<list_turns> {
public:
    explicit list_turns(list_limits limits) : limits_(limits) {}

    /// A list's two turns; each ends when its object is destroyed.
    struct turn {
        /// To be held until the answer has been sent.
        std::shared_ptr<const void> until_sent;
        /// To be held while the store is asked and the answer is written.
        std::shared_ptr<const void> until_written;
    };

    /// Waits for the caller's turn.
    boost::asio::awaitable<result<turn>> take(const auth::principal& caller);

private:
    class place;

    struct lane {
        std::size_t under_way = 0;
        std::deque<completion<bool>> waiting;
    };

    boost::asio::awaitable<std::shared_ptr<const void>> enter(std::string name);
    std::size_t places(const std::string& name) const;
    bool try_take(const std::string& name);
    bool take_in(lane& of, std::size_t places) const;
    void enqueue(const std::string& name, completion<bool> waiter);
    void leave(const std::string& name);

    const list_limits limits_;
    std::mutex mutex_;
    /// By caller; those that are being made under an empty name. Guarded by mutex_.
    std::unordered_map<std::string, lane> lanes_;
};

}  // namespace ocpi::http
