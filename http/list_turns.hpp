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

/// Limits each caller's concurrent lists, first come first served; callers do not wait for each
/// other. A caller is identified by its token, or by name when the identity system does not provide
/// the token. Safe from any thread.
class list_turns : public std::enable_shared_from_this<list_turns> {
public:
    explicit list_turns(list_limits limits) : limits_(limits) {}

    /// Waits for the caller's turn, which ends when the returned object is destroyed.
    boost::asio::awaitable<result<std::shared_ptr<const void>>> take(const auth::principal& caller);

private:
    class turn;

    struct lane {
        std::size_t under_way = 0;
        std::deque<completion<bool>> waiting;
    };

    bool try_take(const std::string& name);
    bool take_in(lane& of) const;
    void enqueue(const std::string& name, completion<bool> waiter);
    void leave(const std::string& name);

    const list_limits limits_;
    std::mutex mutex_;
    std::unordered_map<std::string, lane> lanes_;  // guarded by mutex_
};

}  // namespace ocpi::http
