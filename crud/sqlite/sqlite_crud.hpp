#pragma once

#include "crud/crud.hpp"
#include "ocpi/base/logger.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace ocpi::crud {

namespace sqlite {
class reader_pool;
class writer;
}  // namespace sqlite

struct sqlite_options {
    /// The database file; created if it does not exist. Its directory must be writable, and on
    /// this machine: a write-ahead log does not work over a network file system.
    std::string path;
    /// With two or more, one of them reads single records only: lists cannot hold them all up.
    std::size_t reader_threads = 3;
    /// How many reads of single records, lists, and writes may wait, of each kind; one more fails
    /// with errc::overloaded.
    std::size_t queue_capacity = 4096;
    /// How long an operation waits for another process that has locked the file.
    std::chrono::milliseconds busy_timeout{5000};
    /// The size in pages of 4 KiB that the file may reach, 0 for as far as the disk goes. Beyond
    /// it the store behaves as if the disk were full.
    std::int64_t max_pages = 0;
    /// Pages in the write-ahead log from which on they are copied into the database.
    int checkpoint_pages = 4000;
    /// The name of a VFS that is registered with SQLite; empty: the operating system's.
    std::string vfs;
    /// Hears when the store begins to fail and when it works again; may be null.
    std::shared_ptr<ocpi::logger> logger;
};

/// The port on a SQLite file: one thread writes, several read, and several processes may share
/// the file. A full disk or a locked or damaged file fails the operations that meet it with
/// errc::storage; service resumes by itself when the cause is gone.
///
/// It must outlive the operations started on it.
class sqlite_crud final : public Crud {
public:
    /// Opens the file and brings its schema up to date. Throws std::runtime_error with a text for
    /// the operator.
    explicit sqlite_crud(const sqlite_options& options);
    /// Finishes the writes that are waiting.
    ~sqlite_crud() override;

    boost::asio::awaitable<result<record>> get(std::string_view module, interface_side side,
                                               object_key key) override;
    boost::asio::awaitable<result<page>> list(std::string_view module, interface_side side,
                                              list_query query) override;
    boost::asio::awaitable<result<revision>> create(std::string_view module, interface_side side,
                                                    document document) override;
    boost::asio::awaitable<result<revision>> update(std::string_view module, interface_side side,
                                                    document document, revision expected) override;
    boost::asio::awaitable<result<void>> remove(std::string_view module, interface_side side,
                                                object_key key) override;
    boost::asio::awaitable<result<record>> get_if_visible_to(std::string_view module,
                                                             interface_side side, object_key key,
                                                             std::vector<party> emsps) override;
    boost::asio::awaitable<result<record>> find_by_secondary_key(std::string_view module,
                                                                 interface_side side,
                                                                 std::string key,
                                                                 record_filter filter) override;
    boost::asio::awaitable<result<sorted_page>> list_sorted(std::string_view module,
                                                            interface_side side,
                                                            sorted_query query) override;
    boost::asio::awaitable<result<changes_page>> list_changes(std::string_view module,
                                                              interface_side side,
                                                              changes_query query) override;
    boost::asio::awaitable<result<search_page>> search(std::string_view module, interface_side side,
                                                       search_query query) override;
    boost::asio::awaitable<result<std::optional<totals>>> find_totals(std::string_view module,
                                                                      interface_side side,
                                                                      totals_query query) override;
    boost::asio::awaitable<result<std::vector<object_key>>> remove_unchanged(
        std::string_view module, interface_side side, std::vector<removal> removals,
        std::vector<std::string> belonging) override;

    boost::asio::awaitable<result<revision>> find_latest_revision() override;
    boost::asio::awaitable<result<void>> check_writable() override;
    store_report report() const override;

    /// How many transactions have been committed; writes that come together share one.
    std::uint64_t commits() const noexcept;

private:
    std::shared_ptr<ocpi::logger> logger_;
    std::unique_ptr<sqlite::writer> writer_;
    std::unique_ptr<sqlite::reader_pool> readers_;
};

}  // namespace ocpi::crud
