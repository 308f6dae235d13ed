#pragma once

#include "http/message.hpp"
#include "server/outbound_options.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/system/error_code.hpp>

#include <memory>
#include <string>

namespace boost::asio::ssl {
class context;
}

namespace ocpi::server {

/// What became of a request on one connection.
struct exchange_outcome {
    boost::system::error_code failure;
    /// A byte of the answer has arrived, so the request has.
    bool has_begun = false;
    /// The connection may carry another request.
    bool is_reusable = false;
    http::response answer;
};

/// A connection to another platform, with TLS or without. For one coroutine at a time; it keeps
/// no operation pending between calls, so the next one may run on another strand.
class outbound_connection {
public:
    virtual ~outbound_connection() = default;

    /// The TLS handshake as a client of `host`, a name or an IP address, whose certificate must
    /// be valid for it; nothing without TLS.
    virtual boost::asio::awaitable<boost::system::error_code> handshake(std::string host) = 0;
    /// Why the certificate was refused; empty when it was not.
    virtual std::string certificate_fault() const = 0;

    /// Sends a request as it stands and receives the answer to it.
    virtual boost::asio::awaitable<exchange_outcome> exchange(std::string bytes, bool is_head,
                                                              outbound_options bounds) = 0;

    /// The connection is open, and nothing has come that nobody asked for.
    virtual bool is_quiet() = 0;

    virtual boost::asio::ip::tcp::socket& socket() = 0;
    void close();
};

std::shared_ptr<outbound_connection> make_plain_connection(boost::asio::ip::tcp::socket socket);
std::shared_ptr<outbound_connection> make_tls_connection(boost::asio::ip::tcp::socket socket,
                                                         boost::asio::ssl::context& tls);

/// True for errors of a connection that the peer has closed or reset.
bool is_closed_by_peer(const boost::system::error_code& failure);
/// True when an answer does not keep to HTTP.
bool is_bad_answer(const boost::system::error_code& failure);
/// True when an answer is larger than the bounds.
bool is_too_large(const boost::system::error_code& failure);

}  // namespace ocpi::server
