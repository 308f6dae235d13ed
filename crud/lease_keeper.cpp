#include "crud/lease_keeper.hpp"

#include "crud/lease_keeper_impl.hpp"
#include "ocpi/base/hex.hpp"

#include <boost/asio/ip/host_name.hpp>

#include <array>
#include <random>
#include <utility>

#include <unistd.h>

namespace ocpi::crud {
namespace {

namespace asio = boost::asio;
using asio::awaitable;

}  // namespace

lease_keeper::lease_keeper(std::shared_ptr<Crud> crud, lease_keeper_options options)
    : crud_(std::move(crud)), leases_(crud_->leases()), options_(std::move(options))
{
}

lease_keeper::~lease_keeper()
{
    if (const auto running = find_running()) running->cancel();
}

std::shared_ptr<lease_keeper::impl> lease_keeper::find_running() const
{
    const std::lock_guard lock(mutex_);
    return running_;
}

void lease_keeper::start(asio::any_io_executor executor)
{
    const std::lock_guard lock(mutex_);
    if (running_) return;
    running_ = std::make_shared<impl>(crud_, leases_, options_, std::move(executor));
    running_->start();
}

awaitable<void> lease_keeper::stop()
{
    const auto stopping = find_running();
    if (!stopping) co_return;
    co_await stopping->stop();
    const std::lock_guard lock(mutex_);
    if (running_ == stopping) running_.reset();
}

bool lease_keeper::is_sole() const noexcept
{
    return !leases_;
}

void lease_keeper::assign(const std::string& name, leased_work work)
{
    if (const auto running = find_running()) running->assign(name, std::move(work));
}

void lease_keeper::withdraw(const std::string& name)
{
    if (const auto running = find_running()) (void)running->withdraw(name);
}

awaitable<void> lease_keeper::end(std::string name)
{
    std::stop_token ended;
    if (const auto running = find_running()) ended = running->withdraw(name);
    if (!ended.stop_possible()) co_return;
    async_event never;
    co_await never.wait(ended);
}

std::vector<lease_state> lease_keeper::report() const
{
    const auto running = find_running();
    return running ? running->states() : std::vector<lease_state>();
}

std::string make_lease_holder()
{
    std::random_device random;
    std::array<unsigned char, 8> bytes{};
    for (auto& each : bytes) each = static_cast<unsigned char>(random());
    boost::system::error_code unnamed;
    const auto host = asio::ip::host_name(unnamed);
    return (unnamed ? std::string("host") : host) + ':' + std::to_string(::getpid()) + ':' +
           to_hex(bytes.data(), bytes.size());
}

}  // namespace ocpi::crud
