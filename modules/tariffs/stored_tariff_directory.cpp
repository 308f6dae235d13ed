#include "modules/tariffs/stored_tariff_directory.hpp"

#include "modules/tariffs/tariff_codec.hpp"

#include <algorithm>

namespace ocpi::tariffs {
namespace {

error damaged(const error& failure)
{
    return error(errc::storage, "the stored tariff cannot be read", {},
                 "a stored tariff is damaged: " + failure.text());
}

result<tariff_ptr> read_stored(const std::string& text)
{
    const auto document = json::parse(text);
    if (document.has_error()) return damaged(document.error());
    auto read = read_tariff(*document);
    if (read.has_error()) return damaged(read.error());
    return tariff_ptr(std::make_shared<const tariff>(std::move(*read)));
}

}  // namespace

tariff_ptr read_tariffs::find(const std::string& key, crud::revision revision)
{
    const std::lock_guard lock(mutex_);
    const auto found = by_key_.find(key);
    if (found == by_key_.end() || found->second->revision != revision) return nullptr;
    by_use_.splice(by_use_.begin(), by_use_, found->second);
    return found->second->read;
}

void read_tariffs::remember(std::string key, crud::revision revision, tariff_ptr read)
{
    const auto bytes = memory_size(*read);
    const std::lock_guard lock(mutex_);
    erase(key);
    if (bytes > max_bytes_) return;
    by_use_.emplace_front(std::move(key), revision, bytes, std::move(read));
    by_key_[by_use_.front().key] = by_use_.begin();
    bytes_ += bytes;
    while (bytes_ > max_bytes_) {
        const auto oldest = by_use_.back().key;
        erase(oldest);
    }
}

void read_tariffs::forget(const std::string& key)
{
    const std::lock_guard lock(mutex_);
    erase(key);
}

void read_tariffs::erase(const std::string& key)
{
    const auto found = by_key_.find(key);
    if (found == by_key_.end()) return;
    bytes_ -= found->second->bytes;
    by_use_.erase(found->second);
    by_key_.erase(found);
}

stored_tariff_directory::stored_tariff_directory(std::shared_ptr<tariff_store> tariffs,
                                                 std::vector<party> own_cpo_parties,
                                                 std::size_t max_bytes)
    : tariffs_(std::move(tariffs)), own_cpo_parties_(std::move(own_cpo_parties)), known_(max_bytes)
{
}

boost::asio::awaitable<result<tariff_ptr>> stored_tariff_directory::find(party owner,
                                                                         std::string tariff_id)
{
    tariff_key key(owner.country_code.str(), owner.party_id.str(), std::move(tariff_id));
    const auto name = key.folded();
    const auto stored = co_await tariffs_->get(side_of(owner), std::move(key));
    if (stored.has_error()) {
        if (stored.error().code() != errc::not_found) co_return stored.error();
        known_.forget(name);
        co_return tariff_ptr();
    }
    if (auto known = known_.find(name, stored->revision)) co_return known;
    auto read = read_stored(stored->document.json);
    if (read.has_value()) known_.remember(name, stored->revision, *read);
    co_return read;
}

crud::interface_side stored_tariff_directory::side_of(const party& owner) const
{
    const bool is_own = std::find(own_cpo_parties_.begin(), own_cpo_parties_.end(), owner) !=
                        own_cpo_parties_.end();
    return is_own ? crud::interface_side::sender : crud::interface_side::receiver;
}

}  // namespace ocpi::tariffs
