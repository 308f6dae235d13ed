#pragma once

namespace ocpi::crud::sqlite {

class database;

/// What is done on the connection between construction and commit() happens wholly or not at
/// all: the destructor rolls back what was not committed.
class transaction {
public:
    enum class kind {
        read,   ///< sees one moment of the database, whatever others write meanwhile
        write,  ///< takes the write lock at once, waiting for it up to the busy timeout
    };

    /// Throws sqlite_error, as commit() does.
    transaction(database& connection, kind wanted);
    ~transaction();
    transaction(const transaction&) = delete;
    transaction& operator=(const transaction&) = delete;

    void commit();

private:
    database& connection_;
    bool is_committed_ = false;
};

}  // namespace ocpi::crud::sqlite
