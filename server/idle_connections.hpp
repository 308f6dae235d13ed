#pragma once

#include "server/outbound_connection.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/execution_context.hpp>

#include <chrono>
#include <cstddef>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace ocpi::server {

/// Connections of one execution context that wait for their next request, of all clients that
/// run on it. Nothing is pending on them, so they keep no context at work. From any thread.
class idle_connections {
public:
    using client_id = const void*;

    /// Those of an executor's context; they are closed when the context is destroyed.
    static std::shared_ptr<idle_connections> of(const boost::asio::any_io_executor& executor);

    /// The one that came last, if it is open and came less than `period` ago; or nullptr.
    std::shared_ptr<outbound_connection> take(client_id client, const std::string& pool,
                                              std::chrono::milliseconds period);
    /// Keeps a connection. The oldest one of its pool makes room when there are `most` already,
    /// and all of the client that came more than `period` ago are closed.
    void put(client_id client, const std::string& pool, std::size_t most,
             std::chrono::milliseconds period, std::shared_ptr<outbound_connection> connection);
    /// Closes all connections of a client.
    void drop(client_id client);
    void drop_all();

private:
    struct idle {
        std::shared_ptr<outbound_connection> connection;
        std::chrono::steady_clock::time_point since;
    };
    /// In the order in which they came.
    using queue = std::vector<idle>;

    /// Held while connections are closed, too: their context must not be destroyed meanwhile.
    std::mutex mutex_;
    std::map<client_id, std::map<std::string, queue>> clients_;
};

}  // namespace ocpi::server
