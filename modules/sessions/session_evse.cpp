#include "modules/sessions/session_evse.hpp"

#include <utility>

namespace ocpi::sessions {
namespace {

/// A power is rated at the nominal voltage, and the grid's may be a tenth above.
const decimal& share_of_rating()
{
    static const decimal share = *decimal::parse("1.1");
    return share;
}

}  // namespace

boost::asio::awaitable<std::optional<evse>> find_evse(std::shared_ptr<evse_directory> evses,
                                                      party owner, const session& fields)
{
    if (!evses || !fields.location_id || !fields.evse_uid) co_return std::nullopt;
    auto found =
        co_await evses->find(std::move(owner), fields.location_id->str(), fields.evse_uid->str());
    if (found.has_error()) co_return std::nullopt;
    co_return std::move(*found);
}

boost::asio::awaitable<std::optional<decimal>> find_max_power(std::shared_ptr<evse_directory> evses,
                                                              party owner, const session& fields)
{
    const auto known = co_await find_evse(std::move(evses), std::move(owner), fields);
    if (!known || known->is_stand_in || !known->max_power_kw) co_return std::nullopt;
    co_return *known->max_power_kw* share_of_rating();
}

}  // namespace ocpi::sessions
