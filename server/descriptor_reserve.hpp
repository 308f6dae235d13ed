#pragma once

#include <boost/system/error_code.hpp>

namespace ocpi::server {

/// A file descriptor that is held for the moment at which the process has no other: in its place
/// one connection can be accepted, so that a client is told instead of left waiting.
class descriptor_reserve {
public:
    descriptor_reserve() { restore(); }
    ~descriptor_reserve() { release(); }
    descriptor_reserve(const descriptor_reserve&) = delete;
    descriptor_reserve& operator=(const descriptor_reserve&) = delete;

    /// Closes it. False when there was none.
    bool release() noexcept;
    /// Takes one again, if there is one to be had.
    void restore() noexcept;

private:
    int descriptor_ = -1;
};

/// True when a socket could not be had because the process, or the machine, has no descriptors.
bool is_out_of_descriptors(const boost::system::error_code& failure) noexcept;

}  // namespace ocpi::server
