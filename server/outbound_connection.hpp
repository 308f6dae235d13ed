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

/// Outcome of a request on one connection.
struct exchange_outcome {
    boost::system::error_code failure;
    /// A byte of the answer has arrived, so the request was received.
    bool has_begun = false;
    /// The connection may be used for another request.
    bool is_reusable = false;
    http::response answer;
};

/// A connection to another platform, with TLS or without. For one coroutine at a time; it keeps
/// no operation pending between calls, so the next one may run on another strand.
class outbound_connection {
public:
    virtual ~outbound_connection() = default;

    /// TLS handshake as a client of `host`, a name or an IP address, for which the certificate must
    /// be valid; no effect without TLS.
    virtual boost::asio::awaitable<boost::system::error_code> handshake(std::string host) = 0;
    /// The reason why the certificate was refused; empty when it was not.
    virtual std::string certificate_fault() const = 0;

    /// Sends a request unchanged and receives its answer.
    virtual boost::asio::awaitable<exchange_outcome> exchange(std::string bytes, bool is_head,
                                                              outbound_options bounds) = 0;

    /// True if the connection is open and no unrequested data has arrived.
    virtual bool is_quiet() = 0;

    virtual boost::asio::ip::tcp::socket& socket() = 0;
    void close();
};

std::shared_ptr<outbound_connection> make_plain_connection(boost::asio::ip::tcp::socket socket);
std::shared_ptr<outbound_connection> make_tls_connection(boost::asio::ip::tcp::socket socket,
                                                         boost::asio::ssl::context& tls);

/// True if the peer has closed or reset the connection.
bool is_closed_by_peer(const boost::system::error_code& failure);
/// True if an answer violates HTTP.
bool is_bad_answer(const boost::system::error_code& failure);
/// True if an answer exceeds the limits.
bool is_too_large(const boost::system::error_code& failure);

}  // namespace ocpi::server
