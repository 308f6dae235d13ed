#include "ocpi/protocol/contract_id.hpp"

#include <algorithm>
#include <string>
#include <string_view>

namespace ocpi {
namespace {

constexpr char separator = '-';

/// Where the next character that counts stands, from `place` on; the size when there is none.
std::size_t next_counting(std::string_view id, std::size_t place) noexcept
{
    while (place < id.size() && id[place] == separator) ++place;
    return place;
}

bool is_of_separators(std::string_view id) noexcept
{
    return next_counting(id, 0) == id.size();
}

}  // namespace

ci_string contract_key(const ci_string& id)
{
    auto key = id.folded();
    if (!is_of_separators(key)) std::erase(key, separator);
    return ci_string(std::move(key));
}

std::vector<ci_string> contract_keys(const std::vector<ci_string>& ids)
{
    std::vector<ci_string> keys;
    keys.reserve(ids.size());
    for (const auto& id : ids) keys.push_back(contract_key(id));
    return keys;
}

bool is_same_contract(const ci_string& a, const ci_string& b) noexcept
{
    const std::string_view left = a.str();
    const std::string_view right = b.str();
    if (is_of_separators(left) || is_of_separators(right)) return a == b;
    std::size_t i = next_counting(left, 0);
    std::size_t j = next_counting(right, 0);
    while (i < left.size() && j < right.size()) {
        if (!equal_ignoring_case(left.substr(i, 1), right.substr(j, 1))) return false;
        i = next_counting(left, i + 1);
        j = next_counting(right, j + 1);
    }
    return i == left.size() && j == right.size();
}

bool has_contract(const std::vector<ci_string>& ids, const ci_string& contract) noexcept
{
    return std::any_of(ids.begin(), ids.end(),
                       [&](const ci_string& id) { return is_same_contract(id, contract); });
}

bool is_in_scope(const contract_scope& scope, const ci_string& contract) noexcept
{
    return !scope || has_contract(*scope, contract);
}

bool is_in_scope(const contract_scope& scope, const std::optional<ci_string>& contract) noexcept
{
    return !scope || (contract && has_contract(*scope, *contract));
}

std::string shorten_contract_id(std::string_view id)
{
    constexpr std::size_t begin = 6;
    constexpr std::size_t end = 2;
    if (id.size() <= begin + end) return std::string(id.substr(0, end)) + "…";
    return std::string(id.substr(0, begin)).append("…").append(id.substr(id.size() - end));
}

}  // namespace ocpi
