#pragma once

#include <boost/asio/any_io_executor.hpp>

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

namespace ocpi {

/// Is told of the stages of Application::run: for a service manager, a log, further listeners on
/// the same threads. Called on threads of run(); on_stopping() may come during a reload. An
/// exception from on_ready() ends run(), one from the others the process.
class run_observer {
public:
    virtual ~run_observer() = default;

    /// Connections are accepted, on the address of each URL. What is started on `executor`, that of
    /// run(), is to end upon on_stopping(): run() returns when all of it has ended.
    virtual void on_ready(const boost::asio::any_io_executor& executor,
                          const std::vector<std::string>& urls) = 0;
    /// SIGHUP has come; then it has been applied.
    virtual void on_reloading() {}
    virtual void on_reloaded() {}
    /// SIGTERM or SIGINT has come: what follows are answers to requests in progress.
    virtual void on_stopping() {}
};

/// How Application::run listens.
struct run_options {
    /// `host:port`, port 0 for any free one; not used if there are `sockets`.
    std::string listen = "127.0.0.1:8000";
    /// Listening TCP sockets that another process has opened (socket activation). Owned by run().
    std::vector<int> sockets;
    /// 0: one per core.
    std::size_t threads = 0;
    /// nullptr: none. Must outlive run().
    run_observer* observer = nullptr;
    /// Called upon SIGHUP after the certificates have been reloaded, on a thread that no request
    /// waits for, one call at a time; its exceptions are logged. May be empty.
    std::function<void()> on_reload;
};

}  // namespace ocpi
