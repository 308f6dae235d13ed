#pragma once

#include "crud/crud.hpp"
#include "modules/tariffs/tariff_directory.hpp"
#include "modules/tariffs/tariff_store.hpp"

#include <cstddef>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace ocpi::tariffs {

/// Cache of recently used parsed tariffs, validated by the store's revision. Safe from any thread.
class read_tariffs {
public:
    /// Bounded by the memory of the tariffs.
    explicit read_tariffs(std::size_t max_bytes) : max_bytes_(max_bytes) {}

    /// nullptr when not cached at that revision.
    tariff_ptr find(const std::string& key, crud::revision revision);
    void remember(std::string key, crud::revision revision, tariff_ptr read);
    void forget(const std::string& key);

private:
    struct entry {
        std::string key;
        crud::revision revision;
        std::size_t bytes;
        tariff_ptr read;

        entry(std::string name, crud::revision at, std::size_t size, tariff_ptr of)
            : key(std::move(name)), revision(at), bytes(size), read(std::move(of))
        {
        }
    };

    void erase(const std::string& key);

    const std::size_t max_bytes_;
    std::mutex mutex_;
    std::list<entry> by_use_;  // the latest first; guarded by mutex_, like what follows
    std::unordered_map<std::string, std::list<entry>::iterator> by_key_;
    std::size_t bytes_ = 0;
};

/// Stored tariffs for pricing. Each find reads the record, so that it sees every write completed
/// before, by any process; only parsing is cached. The same object is returned while a tariff does
/// not change.
class stored_tariff_directory final : public tariff_directory {
public:
    /// `own_cpo_parties`: CPO parties whose tariffs we send; others are received.
    stored_tariff_directory(std::shared_ptr<tariff_store> tariffs,
                            std::vector<party> own_cpo_parties,
                            std::size_t max_bytes = std::size_t{8} * 1024 * 1024);

    /// errc::storage when the store fails or the record is not a valid Tariff.
    boost::asio::awaitable<result<tariff_ptr>> find(party owner, std::string tariff_id) override;

private:
    crud::interface_side side_of(const party& owner) const;

    const std::shared_ptr<tariff_store> tariffs_;
    const std::vector<party> own_cpo_parties_;
    read_tariffs known_;
};

}  // namespace ocpi::tariffs
