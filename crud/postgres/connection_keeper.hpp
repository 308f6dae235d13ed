#pragma once

#include "crud/health.hpp"
#include "crud/postgres/connection.hpp"
#include "ocpi/base/async_event.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace ocpi::crud::postgres {

/// Keeps a connection open: opens it again when it is lost, after waits that grow. All on one
/// strand.
class connection_keeper {
public:
    /// `on_change` is called when a connection is there and when an attempt to open one has failed.
    connection_keeper(boost::asio::any_io_executor strand, connection_options options, health& told,
                      std::function<void()> on_change = {});

    /// Opens the connection, before run(). Throws postgres_error.
    boost::asio::awaitable<void> open_first();
    /// Until stop(). Closes the connection at the end.
    boost::asio::awaitable<void> run();
    void stop();

    /// nullptr while there is none. An operation keeps the one that it works on: another one may
    /// take its place.
    std::shared_ptr<connection> current() const;

    /// Why operations are to fail that need a connection: there is none, and the last attempt to
    /// open one has failed, or takes long. std::nullopt: there is one, or may be in a moment.
    const std::optional<std::string>& failure() const noexcept { return failure_; }

    /// To be called when the connection may be lost: then it is opened again at once.
    void look();

private:
    boost::asio::awaitable<void> open_again();
    void changed() const;

    const boost::asio::any_io_executor strand_;
    const connection_options options_;
    health& health_;
    const std::function<void()> on_change_;
    std::shared_ptr<connection> connection_;
    /// While it is being opened.
    std::shared_ptr<connection> opening_;
    std::optional<std::string> failure_;
    unsigned failed_attempts_ = 0;
    bool is_stopped_ = false;
    /// A connection was lost, or stop() was called.
    async_event wake_;
};

}  // namespace ocpi::crud::postgres
