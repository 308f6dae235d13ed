#pragma once

#include "crud/errors.hpp"
#include "ocpi/base/error.hpp"

#include <boost/asio/awaitable.hpp>

namespace ocpi::managed {

/// Awaits attempt(), a coroutine of a result, and begins anew for as long as another process has
/// written meanwhile; that is rare, and not for ever. What is not found was removed by somebody,
/// and is not tried again. The attempt must be no temporary.
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
