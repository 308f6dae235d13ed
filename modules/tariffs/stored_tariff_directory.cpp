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

stored_tariff_directory::stored_tariff_directory(std::shared_ptr<tariff_store> tariffs,
                                                 std::vector<party> own_cpo_parties,
                                                 std::size_t max_bytes)
    : tariffs_(std::move(tariffs)), own_cpo_parties_(std::move(own_cpo_parties)), known_(max_bytes)
{
}

boost::asio::awaitable<result<tariff_ptr>> stored_tariff_directory::find(party owner,
                                                                         std::string tariff_id)
{
    crud::object_key key(owner.country_code.str(), owner.party_id.str(), std::move(tariff_id));
    const auto name = key.folded();
    const auto stored = co_await tariffs_->get(side_of(owner), std::move(key));
    if (stored.has_error()) {
        if (stored.error().code() != errc::not_found) co_return stored.error();
        known_.erase(name);
        co_return tariff_ptr();
    }
    const auto known = known_.find(name);
    if (known && known->first == stored->revision) co_return known->second;
    auto read = read_stored(stored->document.json);
    if (read.has_value()) known_.put(name, {stored->revision, *read}, memory_size(**read));
    co_return read;
}

crud::interface_side stored_tariff_directory::side_of(const party& owner) const
{
    const bool is_own = std::find(own_cpo_parties_.begin(), own_cpo_parties_.end(), owner) !=
                        own_cpo_parties_.end();
    return is_own ? crud::interface_side::sender : crud::interface_side::receiver;
}

}  // namespace ocpi::tariffs
