#pragma once

#include "http/message.hpp"
#include "http/request_observer.hpp"

#include <boost/asio/ip/tcp.hpp>

#include <chrono>
#include <cstddef>
#include <memory>

namespace ocpi::server {

/// Reports one request to an observer at its own end, whatever that is: answered, given up, or an
/// exception. Takes no memory and no time without an observer. Used on the connection's strand.
class exchange_report {
public:
    /// The request begins now. `observer` may be nullptr, otherwise it must outlive this object.
    /// `of` carries the report through the pipeline.
    exchange_report(http::request_observer* observer, http::request& of,
                    const boost::asio::ip::tcp::socket& from);
    ~exchange_report();
    exchange_report(const exchange_report&) = delete;
    exchange_report& operator=(const exchange_report&) = delete;

    void received(std::size_t bytes) noexcept
    {
        if (report_) report_->bytes_in += bytes;
    }
    /// All has been received that will be.
    void handling_begins() noexcept;
    /// There is an answer, to be sent now.
    void answered(const http::response& reply) noexcept;
    void sent(std::size_t bytes) noexcept
    {
        if (report_) report_->bytes_out += bytes;
    }
    /// The answer has been sent, or as much of it as the client took.
    void delivered(bool is_complete) noexcept;

private:
    http::request_observer* observer_;
    std::chrono::steady_clock::time_point started_;
    std::chrono::steady_clock::time_point handled_from_;
    /// nullptr: no observer.
    std::shared_ptr<http::request_report> report_;
};

}  // namespace ocpi::server
