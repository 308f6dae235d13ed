#pragma once

#include "http/message.hpp"

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <utility>

namespace ocpi::test {

/// What the other side does with one request. An http::response alone is a proper answer.
struct peer_reply {
    enum class manner {
        answer,      ///< the response; the connection stays open
        last,        ///< the response, and then an end that was not announced
        close,       ///< not a byte, and an end
        hang,        ///< not a byte, until the client goes away
        bytes,       ///< `text` as it is; the connection stays open
        bytes_last,  ///< `text` as it is, and then an end
        drip,        ///< `text` again and again, byte by byte, until the client goes away
    };

    peer_reply(http::response answered, manner in = manner::answer)
        : how(in), response(std::move(answered))
    {
    }
    peer_reply(manner in, std::string sent = {}) : how(in), text(std::move(sent)) {}

    manner how;
    http::response response;
    std::string text;
};

/// A certificate authority of its own, and a certificate for one host that it has signed.
struct peer_certificate {
    /// A name, or an IP address, that the certificate is for.
    std::string host = "localhost";
    bool is_expired = false;
};

/// The connection by which a request came.
struct peer_connection {
    /// Counts the connections of a peer.
    std::size_t number = 0;
    /// The client's.
    unsigned short port = 0;
};

/// Another platform's server on a free port of 127.0.0.1, with a thread of its own, that does as
/// a script says. Ends with everything it has open when it is destroyed.
class scripted_peer {
public:
    /// Called on the peer's thread, once per request.
    using script = std::function<peer_reply(const http::request&)>;
    using connection_script = std::function<peer_reply(const http::request&, peer_connection)>;

    /// Speaks plain HTTP.
    explicit scripted_peer(script answers);
    explicit scripted_peer(connection_script answers);
    /// Speaks TLS.
    scripted_peer(script answers, const peer_certificate& certificate);
    ~scripted_peer();
    scripted_peer(const scripted_peer&) = delete;
    scripted_peer& operator=(const scripted_peer&) = delete;

    unsigned short port() const;
    /// `https://localhost:1234/path`; `http` without a certificate.
    std::string url(const std::string& target, const std::string& host = "127.0.0.1") const;
    /// The PEM file of the authority that has signed the certificate; empty without TLS.
    std::string ca_file() const;

    std::size_t connections() const;
    std::size_t requests() const;

private:
    class impl;
    std::unique_ptr<impl> impl_;
};

/// A proper answer.
http::response make_response(int status, std::string body);

}  // namespace ocpi::test
