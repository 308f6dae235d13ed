#pragma once

#include "crud/object_key.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace ocpi::crud::sqlite {

class names;
class query;

/// A key as the table has it: numbers of module and owner, and the folded id.
struct numbered_key {
    std::int64_t module = 0;
    std::int64_t owner = 0;
    std::string id;

    numbered_key(names& numbers, std::string_view module_name, const object_key& key);

    /// The three parameters of a condition on the key. The query must not outlive this.
    void bind_to(query& into) const;
};

}  // namespace ocpi::crud::sqlite
