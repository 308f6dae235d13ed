#pragma once

#include "crud/lease_group.hpp"
#include "modules/exchange/pull.hpp"
#include "ocpi/base/async_event.hpp"
#include "ocpi/base/logger.hpp"
#include "ocpi/base/task_scope.hpp"
#include "partners/partner_store.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace ocpi::exchange {

/// When to pull.
struct schedule_options {
    /// Between a successful run and the next, a tenth more or less: hours, for push is what
    /// brings news [transport and format, pull and push].
    std::chrono::milliseconds interval = std::chrono::hours(6);
    /// After a failed run; it doubles with each further failure.
    std::chrono::milliseconds first_retry = std::chrono::seconds(5);
    std::chrono::milliseconds max_retry = std::chrono::minutes(10);
    /// How often to read the list of partners, which other processes write too.
    std::chrono::milliseconds partner_poll = std::chrono::milliseconds(500);
    /// Waits until the event is notified (true), or for so long (false): the only clock of the
    /// schedule. By default real time.
    std::function<boost::asio::awaitable<bool>(async_event& event, std::chrono::milliseconds time)>
        wait =
            [](async_event& event, std::chrono::milliseconds time) { return event.wait_for(time); };
};

/// Pulls from every partner that can be pulled from, without being asked: when it starts, when a
/// partner registers or changes, from time to time, and after a failure until it succeeds again.
/// From each partner one of the processes on a store pulls, the one that holds the lease
/// pull/<partner>.
/// Each partner has a coroutine of its own and waits for no other. Safe from any thread. The
/// destructor asks them to end and does not wait.
class pull_schedule {
public:
    /// `log` may be nullptr: silence. `leases`: by which the process finds out which partners are
    /// its.
    pull_schedule(std::shared_ptr<puller> pulls, std::shared_ptr<partners::partner_store> partners,
                  std::shared_ptr<logger> log, std::shared_ptr<crud::lease_group> leases,
                  schedule_options options = {});

    /// Does nothing while it runs already. All that runs belongs to the executor's context, and
    /// ends with it too.
    void start(boost::asio::any_io_executor executor);

    /// Ends runs under way at their next step (what they have applied stays) and resumes when
    /// nothing runs any more. It may be started again then.
    boost::asio::awaitable<void> stop();

    /// The same without waiting for it.
    void ask_to_stop();

    /// The names of the partners that this process pulls from; empty while it does not run.
    std::vector<std::string> partners() const;

    /// Reads the list of partners now rather than within partner_poll.
    void partners_changed();

private:
    class impl;

    const std::shared_ptr<crud::lease_group> leases_;
    const std::shared_ptr<impl> impl_;
    task_scope tasks_;
};

}  // namespace ocpi::exchange
