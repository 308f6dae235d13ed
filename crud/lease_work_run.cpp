#include "crud/lease_work_run.hpp"

#include <exception>
#include <utility>

namespace ocpi::crud {

lease_work_run::lease_work_run(const std::string& name, leased_work work, lease_tenure tenure,
                               std::shared_ptr<logger> log)
    : work_(std::move(work)),
      tenure_(std::move(tenure)),
      tasks_([log = std::move(log), name](const std::exception& bug) {
          log->write(log_level::error, "the work of the lease " + name + " failed: " + bug.what());
      })
{
}

void lease_work_run::start(boost::asio::any_io_executor executor)
{
    const auto spawn_first = [this](task_scope::tasks& tasks) {
        if (!work_.run) return;
        if (work_.is_cancelled_at_end) {
            tasks.spawn(work_.run(tenure_), tenure_.stop_token());
        } else {
            tasks.spawn(work_.run(tenure_));
        }
    };
    tasks_.start(std::move(executor), spawn_first, shared_from_this());
}

void lease_work_run::end(bool is_lost) noexcept
{
    if (is_lost) tenure_.lose();
    tenure_.request_stop();
}

boost::asio::awaitable<void> lease_work_run::join()
{
    co_await tasks_.join();
}

}  // namespace ocpi::crud
