#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ocpi::crud::postgres {

/// The values of a statement's $1, $2, …, each with its type, in PostgreSQL's binary form: texts
/// need no quoting and pass byte for byte. They are copied.
class parameters {
public:
    parameters& add(std::int64_t number);
    parameters& add(std::string_view text);
    parameters& add_bytes(std::string_view bytes);
    parameters& add_boolean(bool flag);
    /// For arrays, one value for each row of unnest($1, $2, …).
    parameters& add_numbers(std::span<const std::optional<std::int64_t>> numbers);
    parameters& add_texts(std::span<const std::optional<std::string_view>> texts);
    parameters& add_byte_arrays(std::span<const std::optional<std::string_view>> bytes);
    // NULL of the type.
    parameters& add_null_number();
    parameters& add_null_text();
    parameters& add_null_bytes();

    struct value {
        std::uint32_t type = 0;  // PostgreSQL's OID
        bool is_null = false;
        std::string bytes;
    };
    const std::vector<value>& values() const noexcept { return values_; }

private:
    std::vector<value> values_;
};

}  // namespace ocpi::crud::postgres
