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

/// Idle connections of one execution context, shared by its clients. No operation is pending on
/// them, so they do not keep the context running. Safe from any thread.
class idle_connections {
public:
    using client_id = const void*;

    /// The idle connections of an executor's context; closed when the context is destroyed.
    static std::shared_ptr<idle_connections> of(const boost::asio::any_io_executor& executor);

    /// The most recently added one, if open and added less than `period` ago; or nullptr.
    std::shared_ptr<outbound_connection> take(client_id client, const std::string& pool,
                                              std::chrono::milliseconds period);
    /// Adds a connection. Replaces the oldest of its pool when there are already `most`, and closes
    /// all of the client that were added more than `period` ago.
    void put(client_id client, const std::string& pool, std::size_t max_waiting,
             std::chrono::milliseconds period, std::shared_ptr<outbound_connection> connection);
    /// Closes all connections of a client.
    void drop(client_id client);
    void drop_all();

private:
    struct idle {
        std::shared_ptr<outbound_connection> connection;
        std::chrono::steady_clock::time_point since;
    };
    /// In order of addition.
    using queue = std::vector<idle>;

    /// Also held while connections are closed: their context must not be destroyed meanwhile.
    std::mutex mutex_;
    std::map<client_id, std::map<std::string, queue>> clients_;
};

}  // namespace ocpi::server
