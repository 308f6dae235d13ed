#include "crud/postgres/connection_keeper.hpp"

#include "crud/postgres/session.hpp"

#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <exception>
#include <utility>

namespace ocpi::crud::postgres {
namespace {

/// How long a lost connection goes unnoticed at most while there is no operation.
constexpr auto idle_look_interval = std::chrono::seconds(1);

}  // namespace

connection_keeper::connection_keeper(boost::asio::any_io_executor strand,
                                     connection_options options, health& told,
                                     std::function<void()> on_change)
    : strand_(std::move(strand)),
      options_(std::move(options)),
      health_(told),
      on_change_(std::move(on_change))
{
}

std::shared_ptr<connection> connection_keeper::current() const
{
    if (connection_ && connection_->is_open()) return connection_;
    return nullptr;
}

boost::asio::awaitable<void> connection_keeper::run()
{
    while (!is_stopped_) {
        if (current()) {
            (void)co_await wake_.wait_for(idle_look_interval);
            continue;
        }
        connection_.reset();
        co_await open_again();
        if (is_stopped_ || current()) continue;
        const auto pause = between_openings.about(failed_attempts_, jitter_source());
        (void)co_await wake_.wait_for(pause);
    }
    if (connection_) connection_->close();
}

boost::asio::awaitable<void> connection_keeper::open_first()
{
    auto made = std::make_shared<connection>(strand_, options_);
    co_await made->open();
    co_await prepare_plans(*made);
    connection_ = std::move(made);
}

boost::asio::awaitable<void> connection_keeper::open_again()
{
    auto made = std::make_shared<connection>(strand_, options_);
    auto is_waiting = std::make_shared<bool>(true);
    boost::asio::steady_timer alarm(strand_, max_wait_for_connection);
    alarm.async_wait([this, is_waiting](boost::system::error_code cancelled) {
        if (cancelled || !*is_waiting) return;
        failure_ = "the server does not answer";
        changed();
    });
    std::optional<std::string> failure;
    opening_ = made;
    try {
        co_await made->open();
        co_await prepare_plans(*made);
    } catch (const std::exception& cause) {
        failure = cause.what();
    }
    opening_.reset();
    *is_waiting = false;
    alarm.cancel();
    if (is_stopped_) co_return;
    if (failure) {
        ++failed_attempts_;
        health_.failed(*failure);
    } else {
        failed_attempts_ = 0;
        health_.worked();
        connection_ = std::move(made);
    }
    failure_ = std::move(failure);
    changed();
}

void connection_keeper::changed() const
{
    if (on_change_) on_change_();
}

void connection_keeper::look()
{
    if (connection_ && !connection_->is_open()) wake_.notify();
}

void connection_keeper::stop()
{
    is_stopped_ = true;
    if (opening_) opening_->close();
    wake_.notify();
}

}  // namespace ocpi::crud::postgres
