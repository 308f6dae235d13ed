#include "server/outbound_connection.hpp"

#include "server/with_error_code.hpp"

#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>

#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <optional>
#include <type_traits>
#include <utility>

namespace ocpi::server {

namespace asio = boost::asio;
namespace beast_http = boost::beast::http;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

constexpr int switching_protocols = 101;

using tls_stream = asio::ssl::stream<tcp::socket>;
using response_parser = beast_http::response_parser<beast_http::string_body>;

http::response take(response_parser& parser)
{
    auto& message = parser.get();
    http::response taken;
    taken.status = static_cast<int>(message.result_int());
    for (const auto& field : message) {
        taken.headers.add(std::string(field.name_string()), std::string(field.value()));
    }
    taken.body = std::move(message.body());
    return taken;
}

/// True when OpenSSL will hold the peer's certificate to that host.
bool expect_host(SSL* session, std::string host)
{
    error_code is_name;
    asio::ip::make_address(host, is_name);
    if (!is_name) {
        return X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(session), host.c_str()) == 1;
    }
    SSL_set_hostflags(session, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    return SSL_set1_host(session, host.c_str()) == 1 &&
           SSL_ctrl(session, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
                    host.data()) == 1;
}

template <class Stream>
class stream_connection final : public outbound_connection {
public:
    template <class... Arguments>
    explicit stream_connection(Arguments&&... arguments)
        : stream_(std::forward<Arguments>(arguments)...)
    {
    }

    asio::awaitable<error_code> handshake(std::string host) override
    {
        if constexpr (has_tls) {
            if (!expect_host(stream_.native_handle(), host)) {
                co_return asio::error::invalid_argument;
            }
            const auto [failure] =
                co_await stream_.async_handshake(asio::ssl::stream_base::client, with_error_code);
            co_return failure;
        }
        co_return error_code();
    }

    std::string certificate_fault() const override
    {
        if constexpr (has_tls) {
            auto* session = const_cast<tls_stream&>(stream_).native_handle();
            const auto verified = SSL_get_verify_result(session);
            if (verified != X509_V_OK) return X509_verify_cert_error_string(verified);
        }
        return {};
    }

    asio::awaitable<exchange_outcome> exchange(std::string bytes, bool is_head,
                                               outbound_options bounds) override
    {
        exchange_outcome outcome;
        const auto [unsent, sent] =
            co_await asio::async_write(stream_, asio::buffer(bytes), with_error_code);
        outcome.failure = unsent;
        if (unsent) co_return outcome;

        std::optional<response_parser> parser;
        do {  // interim answers come before the real one
            parser.emplace();
            parser->header_limit(static_cast<std::uint32_t>(bounds.response_header_bytes));
            parser->body_limit(bounds.response_bytes);
            parser->skip(is_head);
            const auto [unread, count] =
                co_await beast_http::async_read(stream_, buffer_, *parser, with_error_code);
            outcome.has_begun = outcome.has_begun || parser->got_some() || buffer_.size() != 0;
            outcome.failure = unread;
            if (unread) co_return outcome;
        } while (parser->get().result_int() < 200 &&
                 parser->get().result_int() != switching_protocols);

        outcome.is_reusable = parser->keep_alive() && buffer_.size() == 0 &&
                              parser->get().result_int() != switching_protocols;
        outcome.answer = take(*parser);
        co_return outcome;
    }

    bool is_quiet() override
    {
        // A TLS peer that closes says so first; so whatever there is to read is an end.
        error_code failure;
        socket().non_blocking(true, failure);
        if (failure) return false;
        char byte = 0;
        socket().receive(asio::buffer(&byte, 1), tcp::socket::message_peek, failure);
        return failure == asio::error::would_block;
    }

    tcp::socket& socket() override
    {
        if constexpr (has_tls) {
            return stream_.next_layer();
        } else {
            return stream_;
        }
    }

private:
    static constexpr bool has_tls = std::is_same_v<Stream, tls_stream>;

    Stream stream_;
    boost::beast::flat_buffer buffer_;
};

}  // namespace

void outbound_connection::close()
{
    error_code ignored;
    socket().close(ignored);
}

std::shared_ptr<outbound_connection> make_plain_connection(tcp::socket socket)
{
    return std::make_shared<stream_connection<tcp::socket>>(std::move(socket));
}

std::shared_ptr<outbound_connection> make_tls_connection(tcp::socket socket,
                                                         asio::ssl::context& tls)
{
    return std::make_shared<stream_connection<tls_stream>>(std::move(socket), tls);
}

bool is_closed_by_peer(const error_code& failure)
{
    return failure == asio::error::eof || failure == beast_http::error::end_of_stream ||
           failure == beast_http::error::partial_message ||
           failure == asio::error::connection_reset || failure == asio::error::broken_pipe ||
           failure == asio::error::connection_aborted ||
           failure == asio::ssl::error::stream_truncated;
}

bool is_bad_answer(const error_code& failure)
{
    static const auto& category = make_error_code(beast_http::error::bad_version).category();
    return failure.category() == category;
}

bool is_too_large(const error_code& failure)
{
    return failure == beast_http::error::body_limit || failure == beast_http::error::header_limit ||
           failure == beast_http::error::buffer_overflow;
}

}  // namespace ocpi::server
