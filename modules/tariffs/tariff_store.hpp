#pragma once

#include "crud/crud.hpp"
#include "modules/tariffs/tariff_codec.hpp"
#include "ocpi/base/error.hpp"
#include "ocpi/base/keyed_mutex.hpp"

#include <boost/asio/awaitable.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ocpi::tariffs {

/// Result of a PUT.
struct written_tariff {
    bool created = false;
    /// False when the tariff did not change.
    bool changed = false;
    std::vector<std::string> tolerated;
};

/// The Crud module in which the tariffs of both sides are stored.
inline constexpr std::string_view tariff_records = "tariffs";

/// A tariff that was written or removed durably.
struct tariff_change {
    crud::object_key key;
    /// std::nullopt: it was removed.
    std::optional<crud::revision> revision;

    explicit tariff_change(crud::object_key of, std::optional<crud::revision> now_at = {})
        : key(std::move(of)), revision(now_at)
    {
    }
};

/// Called from any thread; must not block or throw.
using tariff_listener = std::function<void(const tariff_change& change)>;

/// Tariffs, written by the rules of OCPI through the Crud port. Safe from any thread.
class tariff_store {
public:
    /// The listener is called for every change made through this object; may be empty.
    explicit tariff_store(std::shared_ptr<Crud> crud, tariff_listener listener = {})
        : crud_(std::move(crud)), listener_(std::move(listener))
    {
    }

    boost::asio::awaitable<result<crud::record>> get(crud::interface_side side,
                                                     crud::object_key key);
    boost::asio::awaitable<result<crud::page>> list(crud::interface_side side,
                                                    crud::list_query query);

    /// Creates the tariff or replaces it entirely [tariffs, PUT method]; one equal to the stored
    /// one changes nothing. errc::invalid when it is stale (protocol/sender_clock.hpp), unless the
    /// caller is tolerant.
    boost::asio::awaitable<result<written_tariff>> put(crud::interface_side side,
                                                       crud::object_key key,
                                                       const parsed_tariff& sent, strictness strict,
                                                       date_time now);

    /// errc::not_found when there is none.
    boost::asio::awaitable<result<void>> remove(crud::interface_side side, crud::object_key key);

private:
    void tell(const tariff_change& change) const
    {
        if (listener_) listener_(change);
    }

    std::shared_ptr<Crud> crud_;
    const tariff_listener listener_;
    keyed_mutex writers_;
};

}  // namespace ocpi::tariffs
