#include "modules/exchange/push_target.hpp"

#include <algorithm>

namespace ocpi::exchange {

bool is_same_platform(const push_target& a, const push_target& b)
{
    return a.url == b.url && a.version == b.version && a.registration == b.registration;
}

std::string write_party_pairs(const std::vector<party>& own, const std::vector<party>& emsps)
{
    const auto write = [](const std::vector<party>& parties) {
        std::vector<std::string> names;
        for (const auto& each : parties) names.push_back(fold_case(to_string(each)));
        std::sort(names.begin(), names.end());
        std::string text;
        for (const auto& each : names) text.append(each) += ' ';
        return text;
    };
    return write(own) + "> " + write(emsps);
}

}  // namespace ocpi::exchange
