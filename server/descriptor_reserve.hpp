#pragma once

#include <boost/system/error_code.hpp>

namespace ocpi::server {

/// A reserve file descriptor for when the process has no other: its place lets one connection be
/// accepted, so that the client is refused instead of left waiting.
class descriptor_reserve {
public:
    descriptor_reserve() { restore(); }
    ~descriptor_reserve() { release(); }
    descriptor_reserve(const descriptor_reserve&) = delete;
    descriptor_reserve& operator=(const descriptor_reserve&) = delete;

    /// Closes the descriptor. False when there was none.
    bool release() noexcept;
    /// Opens it again, if possible.
    void restore() noexcept;

private:
    int descriptor_ = -1;
};

/// True if a socket could not be opened because the process or the machine has no descriptors left.
bool is_out_of_descriptors(const boost::system::error_code& failure) noexcept;

}  // namespace ocpi::server
