#pragma once

#include "application/application.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <memory>
#include <thread>

namespace transcripts {

/// An Application that listens, on a thread of its own, and a client that talks to it over TCP.
class connection {
public:
    explicit connection(std::unique_ptr<ocpi::Application> application);
    ~connection();
    connection(const connection&) = delete;
    connection& operator=(const connection&) = delete;

    /// Sends the request on a new connection. Throws std::runtime_error when what comes back is
    /// no answer or more than one, and when an answer to HEAD has a body.
    ocpi::http::response answer(const ocpi::http::request& asked);

private:
    boost::asio::io_context context_;
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_;
    std::unique_ptr<ocpi::Application> application_;
    boost::asio::ip::tcp::endpoint server_;
    std::thread thread_;
};

}  // namespace transcripts
