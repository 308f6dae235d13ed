#include "tests/support/scripted_peer.hpp"

#include "tests/support/certificate_authority.hpp"
#include "tests/support/temporary_directory.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>

#include <atomic>
#include <chrono>
#include <fstream>
#include <optional>
#include <thread>

namespace ocpi::test {

namespace asio = boost::asio;
namespace beast_http = boost::beast::http;
using asio::ip::tcp;

namespace {

constexpr auto with_error_code = asio::as_tuple(asio::use_awaitable);

http::request take(beast_http::request<beast_http::string_body>& message)
{
    http::request received;
    received.method = std::string(message.method_string());
    received.target = std::string(message.target());
    for (const auto& field : message) {
        received.headers.add(std::string(field.name_string()), std::string(field.value()));
    }
    received.body = std::move(message.body());
    return received;
}

std::string write_response(const http::response& response, bool to_head)
{
    auto text = "HTTP/1.1 " + std::to_string(response.status) + " As Scripted\r\n";
    for (const auto& field : response.headers) {
        text.append(field.name).append(": ").append(field.value).append("\r\n");
    }
    if (response.status != 204 && response.status != 304) {
        text.append("Content-Length: ").append(std::to_string(response.body.size()));
        text += "\r\n";
    }
    text += "\r\n";
    if (!to_head) text += response.body;
    return text;
}

/// 0 when the client is gone already.
unsigned short find_client_port(const tcp::socket& socket)
{
    boost::system::error_code failure;
    const auto client = socket.remote_endpoint(failure);
    return failure ? static_cast<unsigned short>(0) : client.port();
}

scripted_peer::connection_script for_any_connection(scripted_peer::script answers)
{
    return [answers = std::move(answers)](const http::request& received, peer_connection) {
        return answers(received);
    };
}

}  // namespace

class scripted_peer::impl {
public:
    impl(connection_script answers, const peer_certificate* certificate)
        : script_(std::move(answers)),
          acceptor_(context_, tcp::endpoint(asio::ip::address_v4::loopback(), 0)),
          port_(acceptor_.local_endpoint().port())
    {
        if (certificate) use(*certificate);
        asio::co_spawn(context_, accept(), asio::detached);
        thread_ = std::jthread([this] { context_.run(); });
    }

    ~impl() { context_.stop(); }

    void use(const peer_certificate& wanted)
    {
        const certificate_authority authority;
        const auto own = authority.issue(wanted.host, wanted.is_expired);
        tls_.emplace(asio::ssl::context::tls_server);
        tls_->use_certificate_chain(asio::buffer(own.chain));
        tls_->use_private_key(asio::buffer(own.key), asio::ssl::context::pem);
        directory_.emplace();
        ca_file_ = directory_->file("ca.pem");
        std::ofstream(ca_file_) << authority.pem();
    }

    asio::awaitable<void> accept()
    {
        for (;;) {
            auto [failure, socket] = co_await acceptor_.async_accept(with_error_code);
            if (failure) co_return;
            const peer_connection by{++connections_, find_client_port(socket)};
            if (tls_) {
                asio::co_spawn(context_, converse_over_tls(std::move(socket), by), asio::detached);
            } else {
                asio::co_spawn(context_, converse(std::move(socket), by), asio::detached);
            }
        }
    }

    asio::awaitable<void> converse_over_tls(tcp::socket socket, peer_connection by)
    {
        asio::ssl::stream<tcp::socket> stream(std::move(socket), *tls_);
        const auto [failure] =
            co_await stream.async_handshake(asio::ssl::stream_base::server, with_error_code);
        if (!failure) co_await converse(std::move(stream), by);
    }

    template <class Stream>
    asio::awaitable<void> converse(Stream stream, peer_connection by)
    {
        boost::beast::flat_buffer buffer;
        for (;;) {
            beast_http::request<beast_http::string_body> message;
            const auto [failure, count] =
                co_await beast_http::async_read(stream, buffer, message, with_error_code);
            if (failure) co_return;
            ++requests_;
            const auto received = take(message);
            const auto reply = script_(received, by);
            const bool goes_on = co_await act(stream, reply, received.method == "HEAD");
            if (!goes_on) co_return;
        }
    }

    /// False when the connection is to end.
    template <class Stream>
    asio::awaitable<bool> act(Stream& stream, const peer_reply& reply, bool to_head)
    {
        using manner = peer_reply::manner;
        std::string sent = reply.text;
        switch (reply.how) {
            case manner::close: co_return false;
            case manner::hang: {
                char byte = 0;
                co_await stream.async_read_some(asio::buffer(&byte, 1), with_error_code);
                co_return false;
            }
            case manner::drip: co_await drip(stream, sent); co_return false;
            case manner::answer:
            case manner::last: sent = write_response(reply.response, to_head); break;
            case manner::bytes:
            case manner::bytes_last: break;
        }
        const auto [failure, count] =
            co_await asio::async_write(stream, asio::buffer(sent), with_error_code);
        co_return !failure && reply.how != manner::last && reply.how != manner::bytes_last;
    }

    template <class Stream>
    asio::awaitable<void> drip(Stream& stream, const std::string& text)
    {
        asio::steady_timer pause(context_);
        for (std::size_t at = 0;; at = (at + 1) % text.size()) {
            const auto drop = asio::buffer(text.data() + at, 1);
            const auto [failure, count] = co_await asio::async_write(stream, drop, with_error_code);
            if (failure) co_return;
            pause.expires_after(std::chrono::milliseconds(1));
            co_await pause.async_wait(with_error_code);
        }
    }

    connection_script script_;
    std::optional<asio::ssl::context> tls_;
    std::optional<temporary_directory> directory_;
    std::string ca_file_;
    std::atomic<std::size_t> connections_ = 0;
    std::atomic<std::size_t> requests_ = 0;
    asio::io_context context_;
    tcp::acceptor acceptor_;
    const unsigned short port_;
    std::jthread thread_;  // the last: joined before anything that it uses is gone
};

scripted_peer::scripted_peer(script answers)
    : impl_(std::make_unique<impl>(for_any_connection(std::move(answers)), nullptr))
{
}

scripted_peer::scripted_peer(connection_script answers)
    : impl_(std::make_unique<impl>(std::move(answers), nullptr))
{
}

scripted_peer::scripted_peer(script answers, const peer_certificate& certificate)
    : impl_(std::make_unique<impl>(for_any_connection(std::move(answers)), &certificate))
{
}

scripted_peer::~scripted_peer() = default;

unsigned short scripted_peer::port() const
{
    return impl_->port_;
}

std::string scripted_peer::url(const std::string& target, const std::string& host) const
{
    const std::string scheme = impl_->tls_ ? "https://" : "http://";
    return scheme + host + ':' + std::to_string(port()) + target;
}

std::string scripted_peer::ca_file() const
{
    return impl_->ca_file_;
}

std::size_t scripted_peer::connections() const
{
    return impl_->connections_;
}

std::size_t scripted_peer::requests() const
{
    return impl_->requests_;
}

http::response make_response(int status, std::string body)
{
    http::response made;
    made.status = status;
    made.body = std::move(body);
    return made;
}

}  // namespace ocpi::test
