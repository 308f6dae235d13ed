#pragma once

#include "crud/crud.hpp"
#include "crud/postgres/connection_options.hpp"
#include "ocpi/base/logger.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace ocpi::crud {

namespace postgres {
class store;
}  // namespace postgres

struct postgres_options {
    postgres::connection_options connection;
    /// Connections for reads, beside the one that writes and the one for leases. With two or more,
    /// one of them reads single records only: lists cannot hold them all up.
    std::size_t readers = 3;
    /// How many reads of single records, lists, and writes may wait, of each kind; one more fails
    /// with errc::overloaded.
    std::size_t queue_capacity = 4096;
    /// Hears when the store begins to fail and when it works again; may be null.
    std::shared_ptr<ocpi::logger> logger;
};

/// The port on a PostgreSQL database, which any number of processes share. A thread of its own
/// works on all its connections. While the server cannot be reached, operations fail at once with
/// errc::overloaded; service resumes by itself.
///
/// It must outlive the operations started on it.
class postgres_crud final : public Crud {
public:
    /// Connects and brings the schema up to date. Throws std::runtime_error with a text for the
    /// operator.
    explicit postgres_crud(const postgres_options& options);
    /// Finishes the writes that are waiting, once the views and leases() of this store are gone
    /// too.
    ~postgres_crud() override;

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
    std::shared_ptr<crud::leases> leases() override;
    std::shared_ptr<Crud> fenced_by(held_lease lease) override;

    boost::asio::awaitable<result<void>> check_writable() override;
    boost::asio::awaitable<result<void>> check_readable() override;
    store_report report() const override;

    /// How many transactions have been committed; writes that come together share one.
    std::uint64_t commits() const noexcept;

private:
    postgres_crud(std::shared_ptr<postgres::store> shared, held_lease fence);

    std::shared_ptr<postgres::store> store_;
    /// Of a view: the lease without which it writes nothing.
    std::optional<held_lease> fence_;
};

}  // namespace ocpi::crud
