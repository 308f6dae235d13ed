#pragma once

#include "crud/crud.hpp"
#include "crud/sqlite/log_header.hpp"
#include "ocpi/base/lru_cache.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ocpi::crud::sqlite {

/// A record that a transaction has written or removed.
struct record_change {
    std::string module;
    object_key key;
    /// As the database has it now; nullptr: it has gone.
    std::shared_ptr<const record> now;

    record_change(std::string of, object_key changed, std::shared_ptr<const record> record_now)
        : module(std::move(of)), key(std::move(changed)), now(std::move(record_now))
    {
    }
};

/// Answers of reads that need not be asked of a reader thread, because the database has not changed
/// since: records by key and by secondary key, keys that no record has, and where a sorted list has
/// a gap. Every find compares the header of the log, which other processes share, with that of the
/// last commit whose changes are in here; a commit of another process drops all. So a read of the
/// cache sees what a read of the database at that moment would. Safe from any thread.
class read_cache {
public:
    explicit read_cache(std::size_t max_bytes);

    /// What is read of a module now may be kept if no write to it has come between.
    using ticket = std::uint64_t;
    ticket begin_reading(std::string_view module);

    // std::nullopt, or false: the database must be asked.

    /// The record, or errc::not_found.
    std::optional<result<record>> find(std::string_view module, const object_key& key);
    std::shared_ptr<const record> find_by_secondary_key(std::string_view module,
                                                        std::string_view secondary_key);
    bool is_known_empty(std::string_view module, const sort_range& range);

    void keep(ticket since, std::string_view module, const object_key& key,
              const result<record>& found);
    /// `next`: the first sort_key above `above`; std::nullopt: there is none.
    void keep_gap(ticket since, std::string_view module, std::string above,
                  std::optional<std::string> next);

    // For the writer.

    /// Where the index of the log lies in memory; nullptr: it may go, and nothing is found.
    void watch(const volatile void* log_index);
    /// The write lock is held: from now on the header changes by this process alone.
    void begin_changes();
    /// They have been committed.
    void apply(std::vector<record_change> changes);
    /// They have not, or nobody knows.
    void abandon_changes();
    /// Between these the header may change because the log begins again at its start.
    void begin_restart() { begin_changes(); }
    void end_restart();

private:
    struct gap {
        std::string above;
        std::optional<std::string> next;
    };
    struct module_state {
        /// Moves on with each change of the module.
        ticket latest = 0;
        std::optional<gap> empty;
    };

    bool is_current();
    void forget();
    void put(std::string_view module, const object_key& key, std::shared_ptr<const record> now);
    module_state& state_of(std::string_view module);

    const std::size_t max_bytes_;
    std::mutex mutex_;
    // All of this is guarded by mutex_.
    const volatile void* log_index_ = nullptr;
    /// Of the latest commit whose changes are known.
    log_header known_;
    bool is_changing_ = false;
    /// By cache_key(); nullptr: there is no such record.
    lru_cache<std::string, std::shared_ptr<const record>> records_;
    /// The key in records_ of a record that has, or had, that secondary key.
    lru_cache<std::string, std::string> by_secondary_key_;
    std::map<std::string, module_state, std::less<>> modules_;
};

}  // namespace ocpi::crud::sqlite
