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

/// Those tariffs that were looked for last, as they were read from the store: its revision tells
/// whether the reading still holds. Safe from any thread.
class read_tariffs {
public:
    /// Bounded by the memory that the tariffs take.
    explicit read_tariffs(std::size_t max_bytes) : max_bytes_(max_bytes) {}

    /// nullptr when it is not known at that revision.
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

/// The tariffs of the store as those who price find them. Each find reads the record, so that it
/// sees every write that was answered before it began, of this process or another; only reading
/// the text anew is spared. As long as a tariff stays as it is, the same object is found.
class stored_tariff_directory final : public tariff_directory {
public:
    /// `own_cpo_parties` are ours: their tariffs we send, the others we have received.
    stored_tariff_directory(std::shared_ptr<tariff_store> tariffs,
                            std::vector<party> own_cpo_parties,
                            std::size_t max_bytes = std::size_t{8} * 1024 * 1024);

    /// errc::storage when the store fails, or when what it holds is not a Tariff (any more).
    boost::asio::awaitable<result<tariff_ptr>> find(party owner, std::string tariff_id) override;

private:
    crud::interface_side side_of(const party& owner) const;

    const std::shared_ptr<tariff_store> tariffs_;
    const std::vector<party> own_cpo_parties_;
    read_tariffs known_;
};

}  // namespace ocpi::tariffs
