#include "modules/sessions/final_reading_watch.hpp"

#include "ocpi/base/pause.hpp"

#include <chrono>
#include <exception>
#include <optional>
#include <string>
#include <utility>

namespace ocpi::sessions {
namespace {

namespace asio = boost::asio;

/// How long after its time a session settles at the latest, also when the clock is set.
constexpr auto look_interval = std::chrono::seconds(1);

/// std::nullopt, or why it failed.
asio::awaitable<std::optional<std::string>> settle_overdue(std::shared_ptr<session_writer> sessions,
                                                           crud::lease_tenure tenure)
{
    try {
        const auto settled = co_await sessions->settle_overdue(tenure.crud());
        // The process that has the lease now goes on.
        const bool has_failed = settled.has_error() && settled.error().code() != errc::lease_lost;
        if (has_failed) co_return settled.error().text();
    } catch (const std::exception& bug) {
        co_return bug.what();
    }
    co_return std::nullopt;
}

asio::awaitable<void> watch(std::shared_ptr<session_writer> sessions, std::shared_ptr<logger> log,
                            crud::lease_tenure tenure)
{
    const auto stop = tenure.stop_token();
    // A failure is logged once, until the store answers again.
    bool was_failing = false;
    while (!stop.stop_requested()) {
        const auto failure = co_await settle_overdue(sessions, tenure);
        if (failure && !was_failing) {
            log->write(log_level::warning,
                       "sessions without a final reading wait for the store: " + *failure);
        }
        was_failing = failure.has_value();
        co_await stoppable_pause(look_interval, stop);
    }
}

}  // namespace

final_reading_watch::final_reading_watch(std::shared_ptr<session_writer> sessions,
                                         std::shared_ptr<logger> log,
                                         std::shared_ptr<crud::lease_group> leases)
    : sessions_(std::move(sessions)),
      log_(log ? std::move(log) : std::make_shared<silent_logger>()),
      leases_(std::move(leases))
{
}

void final_reading_watch::start(asio::any_io_executor executor)
{
    leases_->start(std::move(executor));
    crud::leased_work work;
    work.run = [sessions = sessions_, log = log_](crud::lease_tenure tenure) {
        return watch(sessions, log, std::move(tenure));
    };
    leases_->assign("clean-up", std::move(work));
}

asio::awaitable<void> final_reading_watch::stop()
{
    return leases_->stop();
}

}  // namespace ocpi::sessions
