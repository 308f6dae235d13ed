#pragma once

#include "http/body_stream.hpp"
#include "http/request_handler.hpp"
#include "http/request_observer.hpp"
#include "ocpi/base/error.hpp"
#include "ocpi/base/logger.hpp"
#include "server/connection_set.hpp"
#include "server/input_buffer.hpp"
#include "server/limits.hpp"
#include "server/memory_budget.hpp"
#include "server/request_parser.hpp"
#include "server/tls_certificates.hpp"
#include "server/transport.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace ocpi::server {

/// State shared by the connections of one server.
struct service {
    service(std::shared_ptr<http::request_handler> answers, const server::limits& bounds,
            std::shared_ptr<logger> reports, std::shared_ptr<const tls_certificates> certificates,
            std::shared_ptr<http::request_observer> watching)
        : handler(std::move(answers)),
          limits(bounds),
          log(std::move(reports)),
          tls(std::move(certificates)),
          observer(std::move(watching)),
          connections(bounds.max_connections),
          bodies(bounds.body_memory)
    {
    }

    const std::shared_ptr<http::request_handler> handler;
    const server::limits limits;
    const std::shared_ptr<logger> log;
    /// nullptr: connections have no TLS.
    const std::shared_ptr<const tls_certificates> tls;
    /// nullptr: requests are not reported.
    const std::shared_ptr<http::request_observer> observer;
    /// TLS handshakes in progress.
    std::atomic<std::size_t> handshakes = 0;

    // Counts for server_report.

    std::atomic<std::uint64_t> closed_unanswered = 0;
    std::atomic<std::uint64_t> failed_handshakes = 0;
    std::atomic<std::uint64_t> failed_accepts = 0;

    connection_set connections;
    /// Memory of request bodies in progress, of all connections.
    memory_budget bodies;
    /// The listening socket is another process's too, and a restart is to refuse no connection.
    std::atomic<bool> outlives_restarts = false;
};

/// One accepted socket from its first byte to its close. Runs on the socket's executor, which must
/// be a strand; members other than start() must be called on it.
class connection : public std::enable_shared_from_this<connection> {
public:
    /// Registers the connection with the server, or closes the socket.
    static void start(boost::asio::ip::tcp::socket socket, std::shared_ptr<service> shared);

    connection(boost::asio::ip::tcp::socket socket, std::shared_ptr<service> shared);
    ~connection();
    connection(const connection&) = delete;
    connection& operator=(const connection&) = delete;

    /// The server stops: closes at once when waiting for a request or sending a stream, otherwise
    /// after the answer. The first request is waited for a second if the service outlives restarts.
    void drain();
    /// Closes the socket now. An answer in progress is completed and dropped.
    void abort();

    boost::asio::any_io_executor executor() { return stream_.get_executor(); }

private:
    /// One request and its processing.
    struct exchange;
    struct reception;
    /// Watches the reader of a stream and what it sends meanwhile.
    struct reader_watch;
    /// No answer is sent to a peer that is gone.
    enum class peer { present, gone };

    boost::asio::awaitable<void> run();
    boost::asio::awaitable<bool> shake_hands();
    boost::asio::awaitable<bool> await_request();
    boost::asio::awaitable<peer> receive(exchange& current);
    boost::asio::awaitable<peer> receive_header(exchange& current);
    boost::asio::awaitable<void> admit(exchange& current);
    bool drop_body(exchange& current);
    boost::asio::awaitable<peer> receive_body(exchange& current);
    boost::asio::awaitable<peer> receive_counted(exchange& current);
    boost::asio::awaitable<peer> receive_chunks(exchange& current);
    boost::asio::awaitable<http::response> answer(exchange& current);
    boost::asio::awaitable<peer> send(exchange& current, http::response reply);
    boost::asio::awaitable<peer> send_stream(exchange& current, http::response reply);
    boost::asio::awaitable<peer> send_pieces(exchange& current, http::body_stream& stream,
                                             bool chunked);
    boost::asio::awaitable<bool> write_all(exchange& current, std::string_view first,
                                           std::string_view second, std::string_view third);
    void watch_reader(std::shared_ptr<reader_watch> watch);
    boost::asio::awaitable<void> hang_up(bool peer_may_still_send);
    boost::asio::awaitable<void> linger();

    boost::asio::awaitable<boost::system::error_code> read_some(std::size_t at_most);
    boost::asio::awaitable<boost::system::error_code> read_some(std::string& into,
                                                                std::size_t at_most);

    /// Whether a first request is still waited for although the server stops.
    bool is_first_awaited() const { return awaits_first_ && service_->outlives_restarts; }
    void hasten_first_request();

    void set_deadline(std::chrono::milliseconds from_now);
    void clear_deadline();
    void arm_timer();
    void on_timer();

    boost::asio::ip::tcp::socket& socket() { return stream_.socket(); }

    transport stream_;
    std::shared_ptr<service> service_;
    boost::asio::ip::address peer_;
    input_buffer input_;
    /// The first request is refused: too many connections.
    bool over_limit_ = false;
    bool waiting_for_request_ = false;
    /// No byte of a request has come yet.
    bool awaits_first_ = true;
    /// The streamed body being sent; or nullptr.
    std::shared_ptr<http::body_stream> sent_stream_;

    // The timer is not moved with every deadline, only when it would expire too late.
    boost::asio::steady_timer timer_;
    boost::asio::steady_timer::time_point deadline_ = boost::asio::steady_timer::time_point::max();
    boost::asio::steady_timer::time_point timer_expiry_ =
        boost::asio::steady_timer::time_point::max();
};

}  // namespace ocpi::server
