#pragma once

#include "crud/crud.hpp"

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <tuple>
#include <vector>

namespace ocpi::crud {

/// The port in its simplest form, for tests, examples and as the reference for other
/// implementations. It keeps its promises for as long as the object lives: nothing is on disk.
/// Thread safe; no operation suspends.
class memory_crud final : public Crud {
public:
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

private:
    /// Module and key, folded.
    using address = std::tuple<std::string, std::string, std::string, std::string>;

    /// Those that match, in the order of creation, while the mutex is held.
    template <class Condition>
    std::vector<const record*> find_all(std::string_view module, const record_filter& filter,
                                        Condition is_wanted) const;

    /// False when there is no such record. While the mutex is held.
    bool erase(std::string_view module, const object_key& key);

    static address address_of(std::string_view module, const object_key& key);

    std::mutex mutex_;
    revision last_revision_ = 0;
    std::uint64_t last_sequence_ = 0;
    /// Place in the order of creation, by address.
    std::map<address, std::uint64_t> sequences_;
    /// By place in the order of creation, module by module.
    std::map<std::string, std::map<std::uint64_t, record>, std::less<>> modules_;
};

}  // namespace ocpi::crud
