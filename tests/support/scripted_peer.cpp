#include "tests/support/scripted_peer.hpp"

#include "ocpi/server/limits.hpp"
#include "ocpi/server/request_parser.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

#include <condition_variable>
#include <csignal>
#include <list>
#include <mutex>
#include <stdexcept>
#include <string_view>
#include <thread>

namespace ocpi::test {

namespace {

constexpr auto patience = std::chrono::seconds(10);

std::string serialize(const http::response& reply)
{
    auto text = "HTTP/1.1 " + std::to_string(reply.status) + " Scripted\r\n";
    for (const auto& field : reply.headers) text += field.name + ": " + field.value + "\r\n";
    const bool may_have_body = reply.status != 204 && reply.status != 304;
    if (may_have_body) text += "Content-Length: " + std::to_string(reply.body.size()) + "\r\n";
    return text + "\r\n" + reply.body;
}

/// Writing to a connection that the other side has reset must not end the test.
void block_broken_pipe_signal()
{
    sigset_t signals;
    ::sigemptyset(&signals);
    ::sigaddset(&signals, SIGPIPE);
    ::pthread_sigmask(SIG_BLOCK, &signals, nullptr);
}

std::shared_ptr<SSL_CTX> make_context(const tls_identity& identity)
{
    const std::shared_ptr<SSL_CTX> context(::SSL_CTX_new(::TLS_server_method()), ::SSL_CTX_free);
    const auto read = [](const std::string& pem) {
        return std::unique_ptr<BIO, decltype(&::BIO_free)>(
            ::BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), ::BIO_free);
    };
    const std::unique_ptr<X509, decltype(&::X509_free)> certificate(
        ::PEM_read_bio_X509(read(identity.certificate).get(), nullptr, nullptr, nullptr),
        ::X509_free);
    const std::unique_ptr<EVP_PKEY, decltype(&::EVP_PKEY_free)> key(
        ::PEM_read_bio_PrivateKey(read(identity.key).get(), nullptr, nullptr, nullptr),
        ::EVP_PKEY_free);
    if (!certificate || !key || ::SSL_CTX_use_certificate(context.get(), certificate.get()) != 1 ||
        ::SSL_CTX_use_PrivateKey(context.get(), key.get()) != 1) {
        throw std::runtime_error("a scripted peer cannot use its TLS identity");
    }
    return context;
}

/// A blocking connection, with TLS or without.
class wire {
public:
    wire(int socket, SSL_CTX* context) : socket_(socket)
    {
        if (!context) return;
        tls_.reset(::SSL_new(context));
        ::SSL_set_fd(tls_.get(), socket_);
    }

    bool open() { return !tls_ || ::SSL_accept(tls_.get()) == 1; }

    /// False at the end of the stream, and upon any failure.
    bool read(std::string& into)
    {
        char bytes[16 * 1024];
        const auto count = tls_ ? ::SSL_read(tls_.get(), bytes, sizeof bytes)
                                : static_cast<int>(::recv(socket_, bytes, sizeof bytes, 0));
        if (count <= 0) return false;
        into.append(bytes, static_cast<std::size_t>(count));
        return true;
    }

    bool write(std::string_view bytes)
    {
        while (!bytes.empty()) {
            const auto count =
                tls_ ? ::SSL_write(tls_.get(), bytes.data(), static_cast<int>(bytes.size()))
                     : static_cast<int>(::send(socket_, bytes.data(), bytes.size(), 0));
            if (count <= 0) return false;
            bytes.remove_prefix(static_cast<std::size_t>(count));
        }
        return true;
    }

    /// True when the other side has sent something or closed before the period ends.
    bool is_readable_within(std::chrono::milliseconds period) const
    {
        pollfd wanted{socket_, POLLIN, 0};
        return ::poll(&wanted, 1, static_cast<int>(period.count())) != 0;
    }

    void close()
    {
        if (tls_) ::SSL_shutdown(tls_.get());
        ::shutdown(socket_, SHUT_RDWR);
    }

private:
    struct deleter {
        void operator()(SSL* tls) const { ::SSL_free(tls); }
    };

    int socket_;
    std::unique_ptr<SSL, deleter> tls_;
};

}  // namespace

peer_answer::peer_answer(http::response reply) : bytes(serialize(reply))
{
    const auto* wish = reply.headers.find("Connection");
    if (wish && *wish == "close") afterwards = then::close;
}

peer_answer peer_answer::raw(std::string bytes)
{
    return peer_answer(std::move(bytes), then::keep);
}

peer_answer peer_answer::raw_then_close(std::string bytes)
{
    return peer_answer(std::move(bytes), then::close);
}

peer_answer peer_answer::hang()
{
    return peer_answer({}, then::hang);
}

peer_answer peer_answer::drip(std::string bytes, std::string drop, std::chrono::milliseconds pause)
{
    peer_answer dripping(std::move(bytes), then::hang);
    dripping.drop = std::move(drop);
    dripping.pause = pause;
    return dripping;
}

http::response make_response(int status, std::string body, const std::vector<http::header>& headers)
{
    http::response made;
    made.status = status;
    made.body = std::move(body);
    for (const auto& field : headers) made.headers.add(field.name, field.value);
    return made;
}

class scripted_peer::impl {
public:
    impl(handler answer, const std::optional<tls_identity>& identity)
        : answer_(std::move(answer)), listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0))
    {
        if (identity) context_ = make_context(*identity);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        auto* generic = reinterpret_cast<sockaddr*>(&address);
        if (::bind(listener_, generic, size) != 0 || ::listen(listener_, 128) != 0 ||
            ::getsockname(listener_, generic, &size) != 0) {
            ::close(listener_);
            throw std::runtime_error("a scripted peer cannot listen");
        }
        port = ntohs(address.sin_port);
        acceptor_ = std::thread([this] { accept_all(); });
    }

    ~impl()
    {
        ::shutdown(listener_, SHUT_RDWR);
        acceptor_.join();
        ::close(listener_);
        {
            const std::lock_guard lock(mutex);
            for (const auto& [socket, thread] : sessions_) ::shutdown(socket, SHUT_RDWR);
        }
        for (auto& [socket, thread] : sessions_) thread.join();
        for (const auto& [socket, thread] : sessions_) ::close(socket);
    }

    std::uint16_t port = 0;
    bool is_tls() const { return context_ != nullptr; }

    mutable std::mutex mutex;
    mutable std::condition_variable changed;
    std::vector<http::request> requests;
    std::size_t connections = 0;
    std::size_t open_connections = 0;

private:
    void accept_all()
    {
        for (;;) {
            const int socket = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
            if (socket < 0) return;
            const int yes = 1;
            ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
            const std::lock_guard lock(mutex);
            ++connections;
            ++open_connections;
            sessions_.emplace_back(socket, std::thread([this, socket] { serve(socket); }));
        }
    }

    void serve(int socket)
    {
        block_broken_pipe_signal();
        {
            wire connection(socket, context_.get());
            std::string input;
            if (connection.open()) {
                while (serve_one(connection, input)) {
                }
            }
            connection.close();
        }
        const std::lock_guard lock(mutex);
        --open_connections;
        changed.notify_all();
    }

    /// False when the connection is over.
    bool serve_one(wire& connection, std::string& input)
    {
        http::request received;
        if (!read_request(connection, input, received)) return false;
        {
            const std::lock_guard lock(mutex);
            requests.push_back(received);
            changed.notify_all();
        }
        std::unique_lock turn(turn_);
        const auto reaction = answer_(received);
        turn.unlock();
        if (!connection.write(reaction.bytes)) return false;
        if (!reaction.drop.empty()) {
            while (!connection.is_readable_within(reaction.pause)) {
                if (!connection.write(reaction.drop)) return false;
            }
        }
        if (reaction.afterwards == peer_answer::then::hang) {
            while (connection.read(input)) {
            }
            return false;
        }
        return reaction.afterwards == peer_answer::then::keep;
    }

    /// False when there is none, or none that makes sense.
    static bool read_request(wire& connection, std::string& input, http::request& into)
    {
        ocpi::server::limits bounds;
        bounds.body_bytes = 64 * 1024 * 1024;
        ocpi::server::request_parser parser(into, bounds);
        while (!parser.header_done()) {
            const auto used = parser.read_header(input);
            if (!used) return false;
            input.erase(0, *used);
            if (!parser.header_done() && !connection.read(input)) return false;
        }
        const auto length = static_cast<std::size_t>(parser.content_length());
        while (input.size() < length) {
            if (!connection.read(input)) return false;
        }
        into.body = input.substr(0, length);
        input.erase(0, length);
        return true;
    }

    handler answer_;
    std::mutex turn_;
    int listener_;
    std::shared_ptr<SSL_CTX> context_;
    std::list<std::pair<int, std::thread>> sessions_;
    std::thread acceptor_;
};

scripted_peer::scripted_peer(handler answer, std::optional<tls_identity> identity)
    : impl_(std::make_unique<impl>(std::move(answer), identity))
{
}

scripted_peer::~scripted_peer() = default;

std::uint16_t scripted_peer::port() const
{
    return impl_->port;
}

std::string scripted_peer::url(const std::string& path, const std::string& host) const
{
    return (impl_->is_tls() ? "https://" : "http://") + host + ':' + std::to_string(port()) + path;
}

std::size_t scripted_peer::connections() const
{
    const std::lock_guard lock(impl_->mutex);
    return impl_->connections;
}

std::vector<http::request> scripted_peer::requests() const
{
    const std::lock_guard lock(impl_->mutex);
    return impl_->requests;
}

bool scripted_peer::await_requests(std::size_t count) const
{
    std::unique_lock lock(impl_->mutex);
    return impl_->changed.wait_for(lock, patience, [&] { return impl_->requests.size() >= count; });
}

bool scripted_peer::await_closed() const
{
    std::unique_lock lock(impl_->mutex);
    return impl_->changed.wait_for(lock, patience, [&] { return impl_->open_connections == 0; });
}

}  // namespace ocpi::test
