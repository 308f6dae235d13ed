#pragma once

#include "crud/crud.hpp"
#include "ocpi/base/decimal.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>

namespace ocpi::crud {

/// Adds up energy and costs by currency, in millionths, without overflow.
class total_sums {
public:
    void add(const std::string& currency, std::int64_t count, std::int64_t kwh, std::int64_t cost)
    {
        auto& part = by_currency_[currency];
        part.count += count;
        part.kwh.add(kwh);
        part.cost.add(cost);
    }

    std::size_t count() const
    {
        std::size_t all = 0;
        for (const auto& [currency, from] : by_currency_) {
            all += static_cast<std::size_t>(from.count);
        }
        return all;
    }

    totals finish() const;

private:
    struct wide {
        static constexpr std::int64_t unit = 1'000'000'000;
        std::int64_t units = 0;
        std::int64_t rest = 0;

        void add(std::int64_t number)
        {
            units += number / unit;
            rest += number % unit;
        }
        decimal value() const;
    };
    struct entry {
        std::int64_t count = 0;
        wide kwh;
        wide cost;
    };
    std::map<std::string, entry> by_currency_;
};

}  // namespace ocpi::crud
