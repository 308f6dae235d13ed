#pragma once

#include "crud/crud.hpp"
#include "crud/leases.hpp"
#include "ocpi/base/boot_clock.hpp"

#include <boost/asio/awaitable.hpp>

#include <atomic>
#include <functional>
#include <memory>
#include <stop_token>
#include <utility>

namespace ocpi::crud {

/// The time for which this process does one piece of work: from when it got the lease until the
/// lease is lost, given back or not needed any more. Copies are the same tenure. Safe from any
/// thread.
class lease_tenure {
public:
    using clock_function = std::function<boot_clock::time_point()>;
    using loss_handler = std::function<void(const held_lease&)>;

    /// Of a lease that is always held: writes go to `crud` as they are.
    explicit lease_tenure(std::shared_ptr<Crud> crud);

    /// `fenced`: of Crud::fenced_by(lease). `on_loss` is called once, when a write through crud()
    /// fails with errc::lease_lost, from any thread.
    lease_tenure(std::shared_ptr<Crud> fenced, held_lease lease, clock_function now,
                 loss_handler on_loss);

    const held_lease& lease() const noexcept { return state_->lease; }

    /// The store; what is written through it is written while the lease is held, or fails with
    /// errc::lease_lost.
    const std::shared_ptr<Crud>& crud() const noexcept { return crud_; }

    /// Requested when the work is to end: in good order while is_held(), else at once.
    std::stop_token stop_token() const noexcept { return state_->stop.get_token(); }

    /// Resumes when that is requested.
    boost::asio::awaitable<void> wait_for_end() const;

    /// False from the instant at which another process may have the lease. To be asked before
    /// anything that is done outside the store.
    bool is_held() const;

    // For the keeper.

    void extend(boot_clock::time_point until) noexcept;
    void lose() noexcept;
    void request_stop() noexcept { state_->stop.request_stop(); }

private:
    struct state {
        held_lease lease;
        clock_function now;
        loss_handler on_loss;
        std::stop_source stop;
        std::atomic<boot_clock::time_point> held_until{boot_clock::time_point::max()};
        std::atomic<bool> is_lost = false;
    };
    class guarded_crud;

    static bool is_held(const state& of);

    std::shared_ptr<state> state_;
    std::shared_ptr<Crud> crud_;
};

}  // namespace ocpi::crud
