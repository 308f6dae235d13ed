#pragma once

#include "crud/postgres/parameters.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ocpi::crud::postgres {

/// std::nullopt: NULL.
using optional_text = std::optional<std::string_view>;

/// Adds arrays to a statement's parameters, one value of each for every item of a range: the
/// columns of unnest(…).
template <class Range>
class value_columns {
public:
    /// Both must outlive this.
    value_columns(parameters& into, const Range& items) : into_(into), items_(items) {}

    /// `value`: from an item to a number, or an optional one.
    template <class Value>
    value_columns& numbers(Value value)
    {
        std::vector<std::optional<std::int64_t>> column;
        column.reserve(items_.size());
        for (const auto& each : items_) column.emplace_back(value(each));
        into_.add_numbers(column);
        return *this;
    }

    /// `value`: from an item to a text that lives as long as the item, or an optional one.
    template <class Value>
    value_columns& texts(Value value)
    {
        into_.add_texts(collect(value));
        return *this;
    }

    template <class Value>
    value_columns& bytes(Value value)
    {
        into_.add_byte_arrays(collect(value));
        return *this;
    }

private:
    template <class Value>
    std::vector<std::optional<std::string_view>> collect(Value value)
    {
        std::vector<std::optional<std::string_view>> column;
        column.reserve(items_.size());
        for (const auto& each : items_) column.emplace_back(value(each));
        return column;
    }

    parameters& into_;
    const Range& items_;
};

}  // namespace ocpi::crud::postgres
