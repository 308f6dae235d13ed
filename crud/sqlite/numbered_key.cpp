#include "crud/sqlite/numbered_key.hpp"

#include "crud/sqlite/names.hpp"
#include "crud/sqlite/statement.hpp"

namespace ocpi::crud::sqlite {

numbered_key::numbered_key(names& numbers, std::string_view module_name, const object_key& key)
    : module(numbers.find_module(module_name)),
      owner(numbers.find_party(key.owner())),
      id(key.id.folded())
{
}

void numbered_key::bind_to(query& into) const
{
    into.bind(module).bind(owner).bind_in_place(id);
}

}  // namespace ocpi::crud::sqlite
