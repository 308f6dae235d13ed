#pragma once

#include "ocpi/http/message.hpp"
#include "tests/support/test_certificates.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace ocpi::test {

/// What a scripted peer does about a request. An http::response becomes one by itself; the
/// others misbehave.
struct peer_answer {
    /// Sent with a Content-Length; the connection stays open unless its headers say otherwise.
    peer_answer(http::response reply);

    /// These bytes and nothing else; the connection stays open.
    static peer_answer raw(std::string bytes);
    static peer_answer raw_then_close(std::string bytes);
    /// Closes the connection without a byte.
    static peer_answer close() { return raw_then_close({}); }
    /// Says nothing, and holds the connection until the other side closes it.
    static peer_answer hang();
    /// Sends `bytes`, and then `drop` again and again, one each `pause`, until the other side
    /// closes.
    static peer_answer drip(std::string bytes, std::string drop, std::chrono::milliseconds pause);

    enum class then { keep, close, hang };
    std::string bytes;
    then afterwards = then::keep;
    std::string drop;
    std::chrono::milliseconds pause{0};

private:
    peer_answer(std::string text, then what) : bytes(std::move(text)), afterwards(what) {}
};

/// An http::response in one call.
http::response make_response(int status, std::string body = {},
                             const std::vector<http::header>& headers = {});

/// Another platform, on a real socket of the loopback address: answers every request as a
/// function says. It has threads of its own. Its members may be called from any thread.
class scripted_peer {
public:
    /// Called for one request at a time, on a thread of the peer.
    using handler = std::function<peer_answer(const http::request&)>;

    explicit scripted_peer(handler answer, std::optional<tls_identity> identity = std::nullopt);
    /// Closes all connections.
    ~scripted_peer();
    scripted_peer(const scripted_peer&) = delete;
    scripted_peer& operator=(const scripted_peer&) = delete;

    std::uint16_t port() const;
    /// `http://127.0.0.1:<port><path>`; with an identity it is https.
    std::string url(const std::string& path, const std::string& host = "127.0.0.1") const;

    /// How many connections were accepted so far. One whose TLS handshake fails counts.
    std::size_t connections() const;
    /// The requests that have arrived completely, in that order.
    std::vector<http::request> requests() const;

    /// Blocks until so many requests have arrived; false after ten seconds without.
    bool await_requests(std::size_t count) const;
    /// Blocks until the other side has closed all connections; false after ten seconds.
    bool await_closed() const;

private:
    class impl;
    std::unique_ptr<impl> impl_;
};

}  // namespace ocpi::test
