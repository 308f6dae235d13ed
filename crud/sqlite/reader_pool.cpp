#include "crud/sqlite/reader_pool.hpp"

#include "crud/errors.hpp"
#include "crud/sqlite/transaction.hpp"

#include <exception>

namespace ocpi::crud::sqlite {

reader_pool::reader_pool(database_options options, std::size_t threads, std::size_t queue_capacity,
                         const file_watch& files, reader_gate& gate, logger& log)
    : files_(files),
      gate_(gate),
      health_(log, "reading from " + options.path),
      queue_(queue_capacity)
{
    options.read_only = true;
    for (std::size_t i = 0; i < threads; ++i) connections_.emplace_back(options);
    for (database& each : connections_) gate_.add(each);
    auto duty = threads > 1 ? reader_duty::finds : reader_duty::in_turn;
    for (database& each : connections_) {
        threads_.emplace_back([this, &each, duty] { run(each, duty); });
        duty = reader_duty::lists_first;
    }
}

reader_pool::~reader_pool()
{
    queue_.close();
    for (std::thread& each : threads_) each.join();
    gate_.remove_all();
}

void reader_pool::run(database& connection, reader_duty duty)
{
    for (;;) {
        const auto batch = queue_.take(duty);
        if (batch.jobs.empty()) return;
        read(connection, batch);
    }
}

void reader_pool::read(database& connection, const read_queue::batch& batch)
{
    try {
        const reader_gate::passage reading(gate_);
        if (!files_.seem_in_place()) files_.require_in_place();
        if (!connection.is_open()) connection.reopen();
        if (batch.kind == read_kind::list) {
            batch.jobs.front()->run(connection);
        } else {
            find(connection, batch.jobs);
        }
    } catch (const std::exception& failure) {
        health_.failed(failure.what());
        for (const auto& each : batch.jobs) each->fail(store_unavailable(failure.what()));
        return;
    }
    health_.worked();
    for (const auto& each : batch.jobs) each->complete();
}

/// In one transaction, which begins after all of the jobs were pushed: each sees what was written
/// before.
void reader_pool::find(database& connection, const std::vector<job_pointer>& jobs)
{
    transaction snapshot(connection, transaction::kind::read);
    for (const auto& each : jobs) each->run(connection);
    snapshot.commit();
}

}  // namespace ocpi::crud::sqlite
