#pragma once

#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <vector>

namespace ocpi::crud::sqlite {

class database;

/// Lets the writer close every connection of its store for a moment: SQLite examines the log of a
/// file, and forgets how much of it has been copied, only when a first connection is opened.
/// Thread safe.
class reader_gate {
public:
    /// A reader thread works on its connection for as long as this exists. Waits while the gate is
    /// closed.
    class passage {
    public:
        explicit passage(reader_gate& through);
        ~passage();
        passage(const passage&) = delete;
        passage& operator=(const passage&) = delete;

    private:
        reader_gate& gate_;
    };

    /// The connections of the readers; they stay where they are until remove_all().
    void add(database& connection);
    void remove_all();

    /// While this exists the connections of all readers are closed, and no reader works. Its
    /// construction waits for reads under way. A reader opens its connection again before its next
    /// read.
    class closure {
    public:
        explicit closure(reader_gate& gate);
        ~closure();
        closure(const closure&) = delete;
        closure& operator=(const closure&) = delete;

    private:
        reader_gate& gate_;
    };

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    bool is_closed_ = false;                // guarded by mutex_
    std::size_t working_ = 0;               // guarded by mutex_
    std::vector<database*> connections_{};  // guarded by mutex_
};

}  // namespace ocpi::crud::sqlite
