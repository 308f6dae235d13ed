#include "app/admin/loop_probe.hpp"

#include "ocpi/base/async_event.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>

#include <utility>

namespace ocpi::app {
namespace {

namespace asio = boost::asio;
using clock = std::chrono::steady_clock;

constexpr auto probe_interval = std::chrono::milliseconds(250);

}  // namespace

loop_probe::loop_probe(std::shared_ptr<const admin_sources> sources) : sources_(std::move(sources))
{
}

asio::awaitable<void> loop_probe::run(std::stop_token stop)
{
    const asio::any_io_executor own = co_await asio::this_coro::executor;
    async_event never;
    while (!stop.stop_requested()) {
        if (lag_.may_send()) send_probe(own);
        co_await never.wait_for(probe_interval, stop);
    }
}

void loop_probe::send_probe(const asio::any_io_executor& own)
{
    auto* application = sources_->application();
    if (!application) return;
    lag_.sent(clock::now());
    auto probe = [own, weak = weak_from_this()] {
        asio::post(own, [weak, at = clock::now()] {
            if (const auto self = weak.lock()) self->lag_.came_back(at);
        });
    };
    if (!application->post(std::move(probe))) lag_.cancel();
}

asio::awaitable<bool> loop_probe::wait_for_turn(std::chrono::milliseconds patience)
{
    auto* application = sources_->application();
    if (!application) co_return true;
    const auto turned = std::make_shared<async_event>();
    const bool is_posted = application->post([turned] { turned->notify(); });
    if (!is_posted) co_return true;
    co_return co_await turned->wait_for(patience);
}

loop_lag::duration loop_probe::longest_lag() const
{
    return lag_.longest(clock::now());
}

}  // namespace ocpi::app
