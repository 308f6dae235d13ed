#pragma once

#include "http/http_client.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <functional>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace ocpi::test {

/// Other platforms, played by a test.
class scripted_http_client final : public http::http_client {
public:
    using script = std::function<boost::asio::awaitable<result<http::response>>(
        const http::outbound_request&)>;

    explicit scripted_http_client(script answer) : answer_(std::move(answer)) {}

    boost::asio::awaitable<result<http::response>> send(http::outbound_request request) override
    {
        {
            const std::lock_guard lock(mutex_);
            requests_.push_back(request);
        }
        // As over a network, the answer comes later.
        co_await boost::asio::post(boost::asio::use_awaitable);
        co_return co_await answer_(request);
    }

    /// All that was sent so far.
    std::vector<http::outbound_request> requests() const
    {
        const std::lock_guard lock(mutex_);
        return requests_;
    }

private:
    script answer_;
    mutable std::mutex mutex_;
    std::vector<http::outbound_request> requests_;
};

}  // namespace ocpi::test
