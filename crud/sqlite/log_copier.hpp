#pragma once

#include "crud/sqlite/database.hpp"
#include "crud/sqlite/file_watch.hpp"

#include <condition_variable>
#include <exception>
#include <mutex>
#include <optional>
#include <thread>

namespace ocpi::crud::sqlite {

/// Copies the write-ahead log into the database on a thread and a connection of its own, while the
/// writer goes on. What the writer has added meanwhile is left: only the writer, when it copies
/// this rest, lets the log begin again at its start. Its functions are the writer's.
class log_copier {
public:
    enum class state {
        idle,
        copying,
        /// What the log held when the copying began is in the database and on disk, or it failed.
        done,
    };

    /// `files` outlives it. The connection is opened at the first start().
    log_copier(database_options options, const file_watch& files);
    /// Waits for the copying under way. Leaves the log as it is.
    ~log_copier();

    /// To be called when it is not copying.
    void start();
    state current() const;
    /// Waits until it is not copying.
    void wait();

    /// When it is done: it is idle again. Throws what the copying has thrown. Then what was copied
    /// may not be on disk, and the connection is closed until the next start().
    void finish();

    /// Waits, and closes the connection until the next start().
    void close_connection();

private:
    void run();
    void copy();

    const database_options options_;
    const file_watch& files_;
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    state state_ = state::idle;     // guarded by mutex_
    bool is_ending_ = false;        // guarded by mutex_
    std::exception_ptr failure_{};  // guarded by mutex_
    /// The thread's while it is copying, the writer's otherwise.
    std::optional<database> connection_{};
    /// Last: it uses all of the above.
    std::thread thread_;
};

}  // namespace ocpi::crud::sqlite
