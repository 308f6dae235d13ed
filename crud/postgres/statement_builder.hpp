#pragma once

#include "crud/postgres/connection.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ocpi::crud::postgres {

/// A statement while it is put together: each value that is added becomes a parameter, and is
/// written as what is returned: $1, $2, … So the text depends on what is asked for, never on
/// values.
class statement_builder {
public:
    std::string add(std::int64_t number)
    {
        values_.add(number);
        return next();
    }
    std::string add(std::string_view text)
    {
        values_.add(text);
        return next();
    }
    std::string add_bytes(std::string_view bytes)
    {
        values_.add_bytes(bytes);
        return next();
    }
    std::string add(const std::vector<std::string>& texts)
    {
        values_.add_texts(std::vector<std::optional<std::string_view>>(texts.begin(), texts.end()));
        return next();
    }
    std::string add(const std::vector<std::int64_t>& numbers)
    {
        values_.add_numbers(
            std::vector<std::optional<std::int64_t>>(numbers.begin(), numbers.end()));
        return next();
    }

    /// The statement of that text. Once, as the values go with it.
    command finish(std::string sql) { return command(std::move(sql), std::move(values_)); }

private:
    std::string next() { return '$' + std::to_string(++count_); }

    parameters values_;
    int count_ = 0;
};

}  // namespace ocpi::crud::postgres
