#include "crud/sqlite/log_copier.hpp"

#include <sqlite3.h>

#include <utility>

namespace ocpi::crud::sqlite {
namespace {

database_options of_existing(database_options options)
{
    options.must_exist = true;
    return options;
}

}  // namespace

log_copier::log_copier(database_options options, const file_watch& files)
    : options_(of_existing(std::move(options))), files_(files)
{
    thread_ = std::thread([this] { run(); });
}

log_copier::~log_copier()
{
    {
        const std::lock_guard lock(mutex_);
        is_ending_ = true;
        changed_.notify_all();
    }
    thread_.join();
    if (connection_) connection_->close_with_log();
}

void log_copier::start()
{
    const std::lock_guard lock(mutex_);
    state_ = state::copying;
    changed_.notify_all();
}

log_copier::state log_copier::current() const
{
    const std::lock_guard lock(mutex_);
    return state_;
}

void log_copier::wait()
{
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return state_ != state::copying; });
}

void log_copier::finish()
{
    std::exception_ptr failure;
    {
        const std::lock_guard lock(mutex_);
        state_ = state::idle;
        failure = std::exchange(failure_, nullptr);
    }
    if (failure) std::rethrow_exception(failure);
}

void log_copier::close_connection()
{
    wait();
    if (connection_) connection_->close_with_log();
    connection_.reset();
}

void log_copier::run()
{
    std::unique_lock lock(mutex_);
    for (;;) {
        changed_.wait(lock, [this] { return is_ending_ || state_ == state::copying; });
        if (state_ != state::copying) return;
        lock.unlock();
        std::exception_ptr failure;
        try {
            copy();
        } catch (const std::exception&) {
            failure = std::current_exception();
            if (connection_) connection_->close_with_log();
            connection_.reset();
        }
        lock.lock();
        state_ = state::done;
        failure_ = std::move(failure);
        changed_.notify_all();
    }
}

/// SQLite synchronises the database only when it has copied the whole log, which the writer's going
/// on prevents; what is left for the writer then is little to write and to synchronise.
void log_copier::copy()
{
    if (!files_.are_in_place()) return;
    if (!connection_) connection_.emplace(options_);
    connection_->checkpoint();
    connection_->synchronise();
}

}  // namespace ocpi::crud::sqlite
