#pragma once

#include "crud/crud.hpp"

namespace ocpi::crud::sqlite {

class database;

/// Numbers the changes of a write transaction. The last number is read from the database when the
/// transaction begins, because another process may have written, counted in memory, and stored
/// once before the commit. Used by the writer's thread only.
class revision_counter {
public:
    explicit revision_counter(database& connection) : connection_(connection) {}

    /// Call at the beginning of each write transaction.
    void load();
    /// The revision of the next change.
    revision next() const noexcept { return last_ + 1; }
    /// The change has been made. Returns its revision.
    revision count() noexcept { return ++last_; }
    /// Call before the commit.
    void save();
    /// Writes the number although it is unchanged: the smallest write that shows that one is
    /// possible.
    void save_again();

private:
    database& connection_;
    revision stored_ = 0;
    revision last_ = 0;
};

/// The revision of the last change that the connection sees.
revision read_last_revision(database& connection);

}  // namespace ocpi::crud::sqlite
