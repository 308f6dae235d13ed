#pragma once

#include "ocpi/base/async_event.hpp"
#include "ocpi/base/boot_clock.hpp"
#include "ocpi/base/logger.hpp"
#include "ocpi/base/readiness.hpp"

#include <boost/asio/awaitable.hpp>

#include <algorithm>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>

namespace ocpi::crud {

/// When leases are claimed. All times are real time.
struct lease_times {
    /// For how long a lease is claimed, and how long after a claim it is renewed.
    std::chrono::milliseconds life{12'000};
    std::chrono::milliseconds renewal{4'000};
    /// A process that waits for leases tries to take them after a time between these.
    std::chrono::milliseconds min_look{500};
    std::chrono::milliseconds max_look{900};
    /// How long before its end, counted from the instant before the claim was sent, a lease counts
    /// as lost: for what is under way then, and for clocks that differ in speed.
    std::chrono::milliseconds margin{1'000};
};

/// For a lease_keeper.
struct lease_keeper_options {
    lease_times times;
    /// May be nullptr.
    std::shared_ptr<ocpi::logger> log;
    /// Hears while leases cannot be claimed; may be nullptr.
    std::shared_ptr<ocpi::readiness> readiness;
    /// The only clock of the keeper and of its tenures. By default real time, with that during
    /// which the machine is suspended: leases expire meanwhile.
    std::function<boot_clock::time_point()> now = boot_clock::now;
    /// Waits until the event is notified, that time has come or `stop` is requested; may return
    /// earlier. The default is late by the time for which the machine is suspended meanwhile.
    std::function<boost::asio::awaitable<bool>(async_event& event, boot_clock::time_point until,
                                               std::stop_token stop)>
        wait = [](async_event& event, boot_clock::time_point until, std::stop_token stop) {
            const auto began = boot_clock::now();
            const auto end = std::clamp(until, began, began + std::chrono::hours(1));
            return event.wait_for(end - began, std::move(stop));
        };
    /// For the jitter of waits; std::nullopt: a random seed.
    std::optional<unsigned> seed;
};

/// A name that this process has work for.
struct lease_state {
    std::string name;
    bool is_held = false;
};

}  // namespace ocpi::crud
