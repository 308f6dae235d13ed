#pragma once

#include "ocpi/base/error.hpp"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace ocpi::crud {

/// Grows by one whenever a lease changes hands. Never 0.
using lease_epoch = std::uint64_t;

/// A lease as its holder knows it.
struct held_lease {
    std::string name;
    lease_epoch epoch = 0;

    friend bool operator==(const held_lease&, const held_lease&) = default;
};

/// A lease as anyone sees it.
struct lease_entry {
    std::string name;
    /// Empty: it was given back.
    std::string holder;
    lease_epoch epoch = 0;
    /// Since the present holder took it, and until it expires unless renewed; negative: since when
    /// it is expired. By the store's clock.
    std::chrono::milliseconds age{0};
    std::chrono::milliseconds left{0};
};

/// Work that one of several processes on a store does at a time: each piece has a name, and the
/// process that holds the lease of that name does it. A lease expires by the store's clock. Thread
/// safe; each operation fails as those of Crud do.
class leases {
public:
    virtual ~leases() = default;

    /// Takes those of the leases that are free or expired, and renews those that this holder has,
    /// for `life` from now. Returns the ones that are the holder's then. A lease that was expired
    /// and that nobody else has taken meanwhile keeps its epoch. Holders are compared byte for
    /// byte; each start of a process is a holder of its own.
    virtual boost::asio::awaitable<result<std::vector<held_lease>>> claim(
        std::string holder, std::vector<std::string> names, std::chrono::milliseconds life) = 0;

    /// Gives back those that this holder still has at these epochs.
    virtual boost::asio::awaitable<result<void>> release(std::string holder,
                                                         std::vector<held_lease> held) = 0;

    /// All, by name.
    virtual boost::asio::awaitable<result<std::vector<lease_entry>>> list() = 0;
};

}  // namespace ocpi::crud
