#pragma once

#include "http/http_client.hpp"
#include "http/url.hpp"
#include "ocpi/base/error.hpp"
#include "server/deadline.hpp"
#include "server/outbound_connection.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <memory>
#include <mutex>
#include <string>

namespace ocpi::server {

/// `text` names the failure and the platform.
error partner_failure(std::string text);
/// `30 s`, `50 ms`.
std::string describe_period(std::chrono::milliseconds period);
/// The message of a failed operation as the end of a sentence: `connection refused`.
std::string describe_failure(const boost::system::error_code& failure);

/// Opens connections to other platforms: name, addresses, TCP, TLS. Safe from any thread.
class outbound_dialer {
public:
    /// Throws std::runtime_error when the certificate authority file cannot be used.
    explicit outbound_dialer(const outbound_options& options);
    ~outbound_dialer();

    /// Runs on the strand of `time`, until `request_end`. Addresses outside the reach are skipped;
    /// the others are tried in order.
    boost::asio::awaitable<result<std::shared_ptr<outbound_connection>>> open(
        http::url to, http::reach reach, std::shared_ptr<deadline> time,
        deadline::time_point request_end) const;

private:
    boost::asio::ssl::context& tls() const;

    std::chrono::milliseconds timeout_;
    std::unique_ptr<boost::asio::ssl::context> tls_;
    mutable std::once_flag authorities_loaded_;
};

}  // namespace ocpi::server
