#pragma once

#include "tests/support/socket_client.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace ocpi::test {

/// Sends OCPI requests with one token over one connection, for tests that drive a real server.
class ocpi_client {
public:
    ocpi_client(const boost::asio::ip::tcp::endpoint& server, std::string token)
        : socket_(server), token_(std::move(token))
    {
    }

    /// Nothing when the server went away before it answered.
    std::optional<wire_response> request(std::string_view method, std::string_view target,
                                         std::string_view body = {});

    /// Waits for the server to close: true when it sends no byte more.
    bool is_closed_by_peer() { return socket_.is_closed_by_peer(); }

private:
    socket_client socket_;
    std::string token_;
};

/// True for an answer with HTTP 2xx and OCPI status code 1000: the write is durable.
bool is_acknowledged(const std::optional<wire_response>& answer);

}  // namespace ocpi::test
