#include "crud/sqlite/reader_pool.hpp"

#include "crud/errors.hpp"

#include <exception>

namespace ocpi::crud::sqlite {

reader_pool::reader_pool(database_options options, std::size_t threads, std::size_t queue_capacity,
                         logger& log)
    : health_(log, "reading from " + options.path), queue_(queue_capacity)
{
    options.read_only = true;
    for (std::size_t i = 0; i < threads; ++i) connections_.emplace_back(options);
    for (database& each : connections_) threads_.emplace_back([this, &each] { run(each); });
}

reader_pool::~reader_pool()
{
    queue_.close();
    for (std::thread& each : threads_) each.join();
}

void reader_pool::run(database& connection)
{
    while (queue_.wait()) {
        // Empty if another thread was faster.
        for (const job_pointer& next : queue_.take(1)) read(connection, *next);
    }
}

void reader_pool::read(database& connection, job& next)
{
    try {
        next.run(connection);
    } catch (const std::exception& failure) {
        health_.failed(failure.what());
        next.fail(store_unwell(failure.what()));
        return;
    }
    health_.worked();
    next.complete();
}

}  // namespace ocpi::crud::sqlite
