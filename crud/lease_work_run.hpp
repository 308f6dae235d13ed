#pragma once

#include "crud/lease_keeper.hpp"
#include "crud/lease_tenure.hpp"
#include "ocpi/base/boot_clock.hpp"
#include "ocpi/base/logger.hpp"
#include "ocpi/base/task_scope.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <memory>
#include <string>

namespace ocpi::crud {

/// One tenure and the work that is done in it. It lives at least as long as its work runs.
class lease_work_run : public std::enable_shared_from_this<lease_work_run> {
public:
    /// `log` hears of what the work throws.
    lease_work_run(const std::string& name, leased_work work, lease_tenure tenure,
                   std::shared_ptr<logger> log);

    /// On a strand of its own.
    void start(boost::asio::any_io_executor executor);

    /// The lease was renewed.
    void extend(boot_clock::time_point until) noexcept { tenure_.extend(until); }

    /// Asks the work to end. `is_lost`: at once, for another process may do it already.
    void end(bool is_lost) noexcept;

    /// Resumes when the work has ended.
    boost::asio::awaitable<void> join();

private:
    const leased_work work_;
    lease_tenure tenure_;
    task_scope tasks_;
};

}  // namespace ocpi::crud
