#include "crud/postgres/reader_choice.hpp"

#include <algorithm>

namespace ocpi::crud::postgres {
namespace {

bool may_take(read_kind kind, std::size_t place, const std::vector<reader_load>& loads)
{
    const auto& load = loads[place];
    if (!load.is_open || load.lists > 0) return false;
    if (kind == read_kind::find) return load.finds < max_finds_under_way;
    const auto is_other_open = [](const reader_load& each) { return each.is_open; };
    return place > 0 || std::none_of(loads.begin() + 1, loads.end(), is_other_open);
}

}  // namespace

std::optional<std::size_t> choose_reader(read_kind kind, const std::vector<reader_load>& loads)
{
    std::optional<std::size_t> chosen;
    for (std::size_t i = 0; i < loads.size(); ++i) {
        if (!may_take(kind, i, loads)) continue;
        if (!chosen || loads[i].finds < loads[*chosen].finds) chosen = i;
    }
    return chosen;
}

}  // namespace ocpi::crud::postgres
