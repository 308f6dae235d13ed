#include "crud/sqlite/names.hpp"

#include "crud/sqlite/statement.hpp"

#include <utility>

namespace ocpi::crud::sqlite {
namespace {

/// Far more than platforms meet in the field.
constexpr std::size_t max_remembered_parties = 20'000;

/// Which of two texts ends where cannot be mistaken: no country code has a line feed.
std::string key_of(const party& named)
{
    return named.country_code.folded() + '\n' + named.party_id.folded();
}

void bind_party(query& into, const party& named)
{
    into.bind(named.country_code.folded());
    into.bind(named.party_id.folded());
}

}  // namespace

std::int64_t names::find_module(std::string_view name)
{
    std::string key(name);
    if (const auto known = modules_.find(key); known != modules_.end()) return known->second;
    query reading(connection_, "SELECT number FROM module WHERE name = ?");
    reading.bind(name);
    if (!reading.step()) return unknown;
    return modules_.emplace(std::move(key), reading.integer(0)).first->second;
}

std::int64_t names::find_party(const party& named)
{
    auto key = key_of(named);
    if (const auto known = parties_.find(key); known != parties_.end()) return known->second;
    query reading(connection_, "SELECT number FROM party WHERE country_code = ? AND party_id = ?");
    bind_party(reading, named);
    if (!reading.step()) return unknown;
    if (parties_.size() >= max_remembered_parties) parties_.clear();
    return parties_.emplace(std::move(key), reading.integer(0)).first->second;
}

std::vector<std::int64_t> names::find_parties(const std::vector<party>& named)
{
    std::vector<std::int64_t> found;
    found.reserve(named.size());
    for (const party& each : named) found.push_back(find_party(each));
    return found;
}

std::int64_t names::add_module(std::string_view name)
{
    if (const auto known = find_module(name); known != unknown) return known;
    {
        query adding(connection_, "INSERT INTO module (name) VALUES (?)");
        adding.bind(name).step();
    }
    return find_module(name);
}

std::int64_t names::add_party(const party& named)
{
    if (const auto known = find_party(named); known != unknown) return known;
    {
        query adding(connection_, "INSERT INTO party (country_code, party_id) VALUES (?, ?)");
        bind_party(adding, named);
        adding.step();
    }
    return find_party(named);
}

void names::forget() noexcept
{
    modules_.clear();
    parties_.clear();
}

}  // namespace ocpi::crud::sqlite
