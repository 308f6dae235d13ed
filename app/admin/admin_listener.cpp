#include "app/admin/admin_listener.hpp"

#include "app/admin/admin_handler.hpp"
#include "app/admin/loop_probe.hpp"
#include "server/http_server.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

#include <stdexcept>
#include <stop_token>
#include <thread>
#include <utility>

namespace ocpi::app {
namespace {

/// A few scrapers and health checks.
server::limits make_limits()
{
    server::limits few;
    few.max_connections = 64;
    few.body_bytes = 1024;
    few.body_memory = 64 * 1024;
    few.header_bytes = 8 * 1024;
    return few;
}

std::string url_of(const boost::asio::ip::tcp::endpoint& bound)
{
    const auto host = bound.address().to_string();
    return "http://" + (bound.address().is_v6() ? '[' + host + ']' : host) + ':' +
           std::to_string(bound.port());
}

}  // namespace

class admin_listener::impl {
public:
    /// `bind`: a function from server::http_server& to the address that it listens on.
    template <class Bind>
    impl(Bind bind, const std::shared_ptr<admin_sources>& sources, std::shared_ptr<logger> log)
        : probe_(std::make_shared<loop_probe>(sources)),
          server_(context_.get_executor(), std::make_shared<admin_handler>(sources, probe_),
                  make_limits(), std::move(log))
    {
        try {
            url_ = url_of(bind(server_));
        } catch (const std::runtime_error& failure) {
            throw std::runtime_error(std::string("admin.listen: ") + failure.what());
        }
        boost::asio::co_spawn(context_, probe_->run(stopping_.get_token()), boost::asio::detached);
        thread_ = std::thread([this] { context_.run(); });
    }

    ~impl() { stop(); }

    void stop() noexcept
    {
        if (!thread_.joinable()) return;
        context_.stop();
        thread_.join();
    }

    const std::string& url() const noexcept { return url_; }

private:
    boost::asio::io_context context_{1};
    std::stop_source stopping_;
    const std::shared_ptr<loop_probe> probe_;
    server::http_server server_;
    std::string url_;
    std::thread thread_;
};

admin_listener::admin_listener(const std::string& host_and_port,
                               std::shared_ptr<admin_sources> sources, std::shared_ptr<logger> log)
    : impl_(std::make_unique<impl>(
          [&](server::http_server& server) { return server.listen(host_and_port); }, sources,
          std::move(log)))
{
}

admin_listener::admin_listener(int listening_socket, std::shared_ptr<admin_sources> sources,
                               std::shared_ptr<logger> log)
    : impl_(std::make_unique<impl>(
          [&](server::http_server& server) { return server.adopt(listening_socket); }, sources,
          std::move(log)))
{
}

admin_listener::~admin_listener() = default;

const std::string& admin_listener::url() const noexcept
{
    return impl_->url();
}

void admin_listener::stop() noexcept
{
    impl_->stop();
}

}  // namespace ocpi::app
