#include "crud/sqlite/health.hpp"

#include <utility>

namespace ocpi::crud::sqlite {

health::health(logger& log, std::string activity) : log_(log), activity_(std::move(activity)) {}

void health::failed(std::string_view cause)
{
    if (failing_.exchange(true)) return;
    log_.write(log_level::error, activity_ + " fails: " + std::string(cause));
}

void health::worked()
{
    // The load alone keeps the common case free of a contended write.
    if (!failing_.load(std::memory_order_relaxed) || !failing_.exchange(false)) return;
    log_.write(log_level::info, activity_ + " works again");
}

}  // namespace ocpi::crud::sqlite
