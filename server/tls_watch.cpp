#include "server/tls_watch.hpp"

#include "ocpi/base/async_event.hpp"

#include <utility>

namespace ocpi::server {

namespace asio = boost::asio;

tls_watch::tls_watch(std::shared_ptr<tls_certificates> certificates, std::shared_ptr<logger> log)
    : certificates_(std::move(certificates)), log_(std::move(log))
{
}

void tls_watch::start(asio::any_io_executor executor)
{
    const auto spawn_first = [this](task_scope::tasks& tasks) {
        tasks.spawn(run(tasks.stop_token()));
    };
    tasks_.start(std::move(executor), spawn_first);
}

asio::awaitable<void> tls_watch::run(std::stop_token stop)
{
    async_event never;
    while (!stop.stop_requested()) {
        co_await never.wait_for(certificates_->options().poll_interval, stop);
        if (stop.stop_requested()) co_return;
        if (certificates_->have_files_changed()) reload();
    }
}

void tls_watch::reload()
{
    const auto loaded = certificates_->reload();
    if (loaded.has_error()) {
        log_->write(log_level::error,
                    "the TLS certificates were not exchanged, and those in use "
                    "stay: " +
                        loaded.error().text());
    } else {
        log_->write(log_level::info,
                    "new connections use the TLS certificate of " + certificates_->describe());
    }
}

}  // namespace ocpi::server
