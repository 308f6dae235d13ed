#pragma once

#include <boost/asio/ip/tcp.hpp>

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ocpi::test {

/// An answer as it came over the wire.
struct wire_response {
    int status = 0;
    std::string reason;
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body;

    /// The first field of that name, in any case; empty when there is none.
    std::string header(std::string_view name) const;
};

/// A client that blocks, for tests that care about bytes. Not for several threads at a time.
/// Every call gives up after the period of patience: those that read throw std::runtime_error.
class socket_client {
public:
    explicit socket_client(const boost::asio::ip::tcp::endpoint& server,
                           std::chrono::milliseconds patience = std::chrono::seconds(10));
    ~socket_client();
    socket_client(socket_client&& other) noexcept;
    socket_client& operator=(socket_client&&) = delete;

    /// Sends bytes as they are. False when the peer has closed or takes no more of them.
    bool send(std::string_view bytes);
    /// Sends no more; the peer reads an end of file.
    void shutdown_send();
    /// Ends the connection at once: the peer gets a reset. No further call may follow.
    void reset();

    /// The next answer, interim ones (1xx) included; nothing when the peer closed before its
    /// first byte. `to_head`: the answer has no body whatever its Content-Length says.
    std::optional<wire_response> read_response(bool to_head = false);
    /// send() and read_response() that must get an answer.
    wire_response exchange(std::string_view request);

    /// Waits for the peer to close: true when it does so without a byte more.
    bool is_closed_by_peer();
    /// Everything up to and with the next such text, of a body that has no known length. Throws
    /// as well when the peer closes before.
    std::string read_until(std::string_view text);
    /// Up to `at_most` bytes, at least one; empty when the peer has closed or reset.
    std::string read_some(std::size_t at_most);
    /// Everything until the peer closes or resets.
    std::string read_to_end();

private:
    /// False at the end of the stream or upon a reset.
    bool fill(std::size_t at_most = 64 * 1024);

    int socket_ = -1;
    std::string input_;
};

}  // namespace ocpi::test
