#include "server/outbound_dialer.hpp"

#include "server/address_guard.hpp"
#include "server/name_lookup.hpp"
#include "server/with_error_code.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <stdexcept>
#include <utility>
#include <vector>

namespace ocpi::server {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

asio::awaitable<result<std::vector<tcp::endpoint>>> find_endpoints(http::url to,
                                                                   deadline::time_point end)
{
    const auto addresses = co_await look_up(to.host, end);
    if (addresses.has_error()) {
        co_return partner_failure(to.authority() + ": " + addresses.error().text());
    }
    std::vector<tcp::endpoint> endpoints;
    for (const auto& each : *addresses) endpoints.emplace_back(each, to.port);
    co_return endpoints;
}

}  // namespace

error partner_failure(std::string text)
{
    return error(errc::partner_failure, std::move(text));
}

std::string describe_period(std::chrono::milliseconds period)
{
    const auto count = period.count();
    return count % 1000 == 0 ? std::to_string(count / 1000) + " s" : std::to_string(count) + " ms";
}

std::string describe_failure(const error_code& failure)
{
    if (is_closed_by_peer(failure)) return "the connection was closed";
    auto text = failure.message();
    const bool is_sentence = text.size() > 1 && text[1] >= 'a' && text[1] <= 'z';
    if (is_sentence && text[0] >= 'A' && text[0] <= 'Z') {
        text[0] = static_cast<char>(text[0] - 'A' + 'a');
    }
    return text;
}

outbound_dialer::outbound_dialer(const outbound_options& options)
    : timeout_(options.connect_timeout),
      tls_(std::make_unique<asio::ssl::context>(asio::ssl::context::tls_client))
{
    tls_->set_options(asio::ssl::context::default_workarounds | asio::ssl::context::no_sslv2 |
                      asio::ssl::context::no_sslv3 | asio::ssl::context::no_tlsv1 |
                      asio::ssl::context::no_tlsv1_1);
    tls_->set_verify_mode(asio::ssl::verify_peer);
    if (options.ca_file.empty()) return;
    error_code failure;
    tls_->load_verify_file(options.ca_file, failure);
    if (failure) {
        throw std::runtime_error("the certificate authorities in " + options.ca_file +
                                 " cannot be used: " + failure.message());
    }
}

outbound_dialer::~outbound_dialer() = default;

/// With the operating system's authorities, some megabytes, which many servers never need.
asio::ssl::context& outbound_dialer::tls() const
{
    std::call_once(authorities_loaded_, [this] {
        error_code failure;
        tls_->set_default_verify_paths(failure);  // without them, ca_file is all there is
    });
    return *tls_;
}

asio::awaitable<result<std::shared_ptr<outbound_connection>>> outbound_dialer::open(
    http::url to, http::reach reach, std::shared_ptr<deadline> time,
    deadline::time_point request_end) const
{
    const asio::any_io_executor strand = co_await asio::this_coro::executor;
    const auto end = std::min(request_end, std::chrono::steady_clock::now() + timeout_);
    auto found = co_await find_endpoints(to, end);
    if (found.has_error()) co_return found.error();
    auto& endpoints = *found;
    if (reach == http::reach::public_https) {
        std::erase_if(endpoints, [](const auto& each) { return !is_public(each.address()); });
    }
    if (endpoints.empty()) {
        co_return partner_failure("the address of " + to.authority() +
                                  " is not public; mark the partner as trusted to allow it");
    }

    std::string why;
    for (std::size_t i = 0; i < endpoints.size(); ++i) {
        const auto now = std::chrono::steady_clock::now();
        if (now >= end) break;
        // An address that swallows everything leaves time for those after it.
        const auto attempt_end = now + (end - now) / static_cast<long>(endpoints.size() - i);
        tcp::socket socket(strand);
        const auto opened = to.is_https() ? make_tls_connection(std::move(socket), tls())
                                          : make_plain_connection(std::move(socket));
        time->arm(attempt_end, [opened] { opened->close(); });
        auto [failure] = co_await opened->socket().async_connect(endpoints[i], with_error_code);
        if (!failure) {
            error_code ignored;
            opened->socket().set_option(tcp::no_delay(true), ignored);
            failure = co_await opened->handshake(to.host);
        }
        const bool is_late = time->has_passed();
        time->disarm();
        if (!failure && !is_late) co_return opened;
        const auto fault = opened->certificate_fault();
        if (is_late) {
            why = "no connection to " + to.authority() + " within " + describe_period(timeout_);
        } else if (!fault.empty()) {
            why = "the TLS certificate of " + to.authority() + " is not valid: " + fault;
        } else if (failure.category() == asio::error::get_ssl_category()) {
            why = "no TLS with " + to.authority() + ": " + describe_failure(failure);
        } else {
            why = to.authority() + ": " + describe_failure(failure);
        }
    }
    if (why.empty()) {
        why = "no connection to " + to.authority() + " within " + describe_period(timeout_);
    }
    co_return partner_failure(std::move(why));
}

}  // namespace ocpi::server
