#pragma once

#include "modules/tariffs/tariff_directory.hpp"

#include <map>
#include <memory>
#include <string>
#include <utility>

namespace ocpi::test {

/// Tariffs by their ids, of whichever CPO; counts how often each is looked for.
class known_tariffs final : public tariffs::tariff_directory {
public:
    std::map<std::string, tariffs::tariff_ptr> all;
    std::map<std::string, int> asked;
    bool is_unwell = false;

    void add(tariffs::tariff_ptr tariff)
    {
        const auto id = tariff->id.str();
        all[id] = std::move(tariff);
    }

    boost::asio::awaitable<result<tariffs::tariff_ptr>> find(party, std::string tariff_id) override
    {
        ++asked[tariff_id];
        if (is_unwell) co_return error(errc::storage, "unwell");
        const auto found = all.find(tariff_id);
        if (found == all.end()) co_return tariffs::tariff_ptr();
        co_return found->second;
    }
};

}  // namespace ocpi::test
