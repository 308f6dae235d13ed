#pragma once

#include "ocpi/base/logger.hpp"
#include "ocpi/base/task_scope.hpp"
#include "server/tls_certificates.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <memory>
#include <stop_token>

namespace ocpi::server {

/// Reloads certificates when their files have changed, and on demand. Safe from any thread. Must
/// outlive the run between start() and stop(), or the executor's context.
class tls_watch {
public:
    tls_watch(std::shared_ptr<tls_certificates> certificates, std::shared_ptr<logger> log);

    /// Checks the files every options().poll_interval until stop().
    void start(boost::asio::any_io_executor executor);
    boost::asio::awaitable<void> stop() { return tasks_.stop(); }

    /// Loads the files now and logs the outcome.
    void reload();

private:
    boost::asio::awaitable<void> run(std::stop_token stop);

    const std::shared_ptr<tls_certificates> certificates_;
    const std::shared_ptr<logger> log_;
    task_scope tasks_;
};

}  // namespace ocpi::server
