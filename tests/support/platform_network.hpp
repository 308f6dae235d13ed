#pragma once

#include "application/application.hpp"
#include "http/http_client.hpp"

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ocpi::test {

/// A network without sockets: what is sent to `https://HOST/…` is answered by whatever stands
/// for that host. Safe from any thread once all hosts are there.
class platform_network final : public http::http_client {
public:
    using host = std::function<boost::asio::awaitable<result<http::response>>(http::request)>;

    /// A platform of our own; it must live as long as requests are sent to it.
    void add(const std::string& name, Application& platform)
    {
        add(name, [&platform](http::request received) {
            return answer_of(platform, std::move(received));
        });
    }
    void add(const std::string& name, host answers) { hosts_[name] = std::move(answers); }

    /// `METHOD URL` of every request so far.
    std::vector<std::string> requests() const
    {
        const std::lock_guard lock(mutex_);
        return requests_;
    }

    boost::asio::awaitable<result<http::response>> send(http::outbound_request request) override
    {
        {
            const std::lock_guard lock(mutex_);
            requests_.push_back(request.method + ' ' + request.url);
        }
        constexpr std::string_view scheme = "https://";
        const auto rest = std::string_view(request.url).substr(scheme.size());
        const auto slash = rest.find('/');
        const std::string name(rest.substr(0, slash));
        const auto found = hosts_.find(name);
        if (found == hosts_.end()) {
            co_return error(errc::partner_failure, name + ": connection refused");
        }
        http::request received;
        received.method = request.method;
        received.target = rest.substr(slash);
        received.headers = request.headers;
        received.body = request.body;
        co_return co_await found->second(std::move(received));
    }

private:
    static boost::asio::awaitable<result<http::response>> answer_of(Application& platform,
                                                                    http::request received)
    {
        co_return co_await platform.answer(std::move(received));
    }

    std::map<std::string, host> hosts_;
    mutable std::mutex mutex_;
    std::vector<std::string> requests_;
};

}  // namespace ocpi::test
