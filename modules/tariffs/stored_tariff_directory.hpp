#pragma once

#include "crud/crud.hpp"
#include "modules/tariffs/tariff_directory.hpp"
#include "modules/tariffs/tariff_store.hpp"
#include "ocpi/base/lru_cache.hpp"

#include <cstddef>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace ocpi::tariffs {

/// The tariffs of the store, for pricing. Each find reads the record, so that it sees every write
/// that was answered before it began, of this process or another; only parsing the text again is
/// spared. While a tariff is unchanged, the same object is found.
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
    /// As they were read from the store at a revision, by folded key; the cost is their memory.
    lru_cache<std::string, std::pair<crud::revision, tariff_ptr>> known_;
};

}  // namespace ocpi::tariffs
