#pragma once

#include "modules/tariffs/tariff.hpp"
#include "ocpi/base/error.hpp"
#include "ocpi/protocol/party.hpp"

#include <boost/asio/awaitable.hpp>

#include <memory>
#include <string>

namespace ocpi::tariffs {

/// Finds a session's tariffs, as a port for pricing. Safe from any thread.
class tariff_directory {
public:
    virtual ~tariff_directory() = default;

    /// The CPO's tariff of that id; nullptr when there is none.
    virtual boost::asio::awaitable<result<tariff_ptr>> find(party owner, std::string tariff_id) = 0;
};

}  // namespace ocpi::tariffs
