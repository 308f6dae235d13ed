#include "ocpi/base/run_together.hpp"

#include "ocpi/base/completion.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/this_coro.hpp>

#include <cstddef>
#include <exception>
#include <memory>
#include <mutex>
#include <utility>

namespace ocpi {
namespace {

namespace asio = boost::asio;

/// Counts what has not ended yet. The coroutines alone keep it alive, so that a context that is
/// destroyed first takes the caller along with them. Safe from any thread.
class gathering {
public:
    /// `thrown` belongs to the waiting caller.
    gathering(std::size_t count, completion<bool> waiter, std::exception_ptr& thrown)
        : open_(count), waiter_(std::move(waiter)), thrown_(thrown)
    {
    }

    void end_one(const std::exception_ptr& thrown)
    {
        {
            const std::lock_guard lock(mutex_);
            if (thrown && !thrown_) thrown_ = thrown;
            if (--open_ > 0) return;
        }
        waiter_(true);
    }

private:
    std::mutex mutex_;
    std::size_t open_;  // guarded by mutex_
    completion<bool> waiter_;
    std::exception_ptr& thrown_;  // guarded by mutex_
};

}  // namespace

asio::awaitable<void> run_together(std::vector<asio::awaitable<void>> all)
{
    const auto executor = co_await asio::this_coro::executor;
    std::exception_ptr thrown;
    auto start = [&all, &executor, &thrown](completion<bool> waiter) {
        // One more than there are, so that none of them is the last while they are being started.
        const auto open = std::make_shared<gathering>(all.size() + 1, std::move(waiter), thrown);
        for (auto& each : all) {
            asio::co_spawn(executor, std::move(each),
                           [open](const std::exception_ptr& failure) { open->end_one(failure); });
        }
        open->end_one({});
    };
    co_await await_completion<bool>(start);
    if (thrown) std::rethrow_exception(thrown);
}

}  // namespace ocpi
