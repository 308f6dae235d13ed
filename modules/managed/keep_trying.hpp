#pragma once

#include "crud/errors.hpp"
#include "ocpi/base/error.hpp"

#include <boost/asio/awaitable.hpp>

namespace ocpi::managed {

/// Awaits attempt(), which returns an awaitable result, and retries on write conflict, 20 attempts
/// at most. not_found is not retried: another process has removed the record. `attempt` must not be
/// a temporary.
template <class Attempt>
auto keep_trying(const Attempt& attempt) -> decltype(attempt())
{
    constexpr int max_attempts = 20;
    auto outcome = co_await attempt();
    for (int again = 1; again < max_attempts && outcome.has_error(); ++again) {
        const error& failure = outcome.error();
        if (!crud::lost_a_race(failure) || failure.code() == errc::not_found) break;
        outcome = co_await attempt();
    }
    co_return outcome;
}

}  // namespace ocpi::managed
