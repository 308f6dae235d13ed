#include "server/descriptor_reserve.hpp"

#include <boost/system/errc.hpp>

#include <fcntl.h>
#include <unistd.h>

#include <utility>

namespace ocpi::server {

bool descriptor_reserve::release() noexcept
{
    if (descriptor_ < 0) return false;
    ::close(std::exchange(descriptor_, -1));
    return true;
}

void descriptor_reserve::restore() noexcept
{
    if (descriptor_ < 0) descriptor_ = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
}

bool is_out_of_descriptors(const boost::system::error_code& failure) noexcept
{
    return failure == boost::system::errc::too_many_files_open ||
           failure == boost::system::errc::too_many_files_open_in_system;
}

}  // namespace ocpi::server
