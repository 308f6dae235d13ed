#include "crud/sqlite/log_header.hpp"

#include <atomic>
#include <cstddef>

namespace ocpi::crud::sqlite {

log_header read_log_header(const volatile void* index) noexcept
{
    const auto* from = static_cast<const volatile std::uint32_t*>(index);
    log_header read;
    for (std::size_t i = 0; i < read.words.size(); ++i) read.words[i] = from[i];
    std::atomic_thread_fence(std::memory_order_acquire);
    return read;
}

}  // namespace ocpi::crud::sqlite
