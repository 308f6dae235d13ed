#include "crud/sqlite/reader_gate.hpp"

#include "crud/sqlite/database.hpp"

namespace ocpi::crud::sqlite {

reader_gate::passage::passage(reader_gate& through) : gate_(through)
{
    std::unique_lock lock(gate_.mutex_);
    gate_.changed_.wait(lock, [this] { return !gate_.is_closed_; });
    ++gate_.working_;
}

reader_gate::passage::~passage()
{
    const std::lock_guard lock(gate_.mutex_);
    --gate_.working_;
    if (gate_.is_closed_) gate_.changed_.notify_all();
}

void reader_gate::add(database& connection)
{
    const std::lock_guard lock(mutex_);
    connections_.push_back(&connection);
}

void reader_gate::remove_all()
{
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return !is_closed_; });
    connections_.clear();
}

reader_gate::closure::closure(reader_gate& gate) : gate_(gate)
{
    std::unique_lock lock(gate_.mutex_);
    gate_.is_closed_ = true;
    gate_.changed_.wait(lock, [this] { return gate_.working_ == 0; });
    for (database* each : gate_.connections_) each->close_with_log();
}

reader_gate::closure::~closure()
{
    const std::lock_guard lock(gate_.mutex_);
    gate_.is_closed_ = false;
    gate_.changed_.notify_all();
}

}  // namespace ocpi::crud::sqlite
