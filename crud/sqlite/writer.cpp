#include "crud/sqlite/writer.hpp"

#include "crud/errors.hpp"
#include "crud/sqlite/migrations.hpp"
#include "crud/sqlite/transaction.hpp"

#include <exception>
#include <stdexcept>

namespace ocpi::crud::sqlite {
namespace {

/// Beyond this a commit costs little beside the statements, and the first job waits in vain.
constexpr std::size_t most_jobs_per_commit = 128;

}  // namespace

writer::writer(const database_options& options, std::size_t queue_capacity, logger& log)
    : database_(options), health_(log, "writing to " + options.path), queue_(queue_capacity)
{
    migrate(database_);
    thread_ = std::thread([this] { run(); });
}

writer::~writer()
{
    queue_.close();
    thread_.join();
}

void writer::run()
{
    while (queue_.wait()) write_batch();
}

void writer::write_batch()
{
    std::vector<job_pointer> batch;
    try {
        write(batch);
    } catch (const std::exception& failure) {
        // No lock, no batch: then all that wait have waited for it.
        if (batch.empty()) batch = queue_.take_all();
        fail(batch, failure.what());
        return;
    }
    ++commits_;
    health_.worked();
    for (const job_pointer& each : batch) each->complete();
}

/// Takes the jobs only once the write lock is held: more of them arrive meanwhile, and the queue
/// stays the bound of what waits.
void writer::write(std::vector<job_pointer>& batch)
{
    transaction change(database_, transaction::kind::write);
    batch = queue_.take(most_jobs_per_commit);
    for (const job_pointer& each : batch) {
        each->run(database_);
        if (!database_.in_transaction()) throw std::runtime_error("SQLite ended the transaction");
    }
    change.commit();
}

void writer::fail(std::vector<job_pointer>& batch, std::string_view cause)
{
    health_.failed(cause);
    const error why = store_unwell(std::string(cause));
    for (const job_pointer& each : batch) each->fail(why);
}

}  // namespace ocpi::crud::sqlite
