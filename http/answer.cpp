#include "http/answer.hpp"

#include <algorithm>

namespace ocpi::http {

answer method_not_allowed(std::string allowed)
{
    answer refused(error(errc::method_not_allowed, "this path does not offer that method"));
    refused.headers.add("Allow", std::move(allowed));
    return refused;
}

void name_tolerated(answer& answered, const std::vector<std::string>& tolerated)
{
    constexpr std::size_t max_named = 20;
    for (std::size_t i = 0; i < std::min(tolerated.size(), max_named); ++i) {
        answered.message.append(answered.message.empty() ? "tolerated: " : "; ");
        answered.message += tolerated[i];
    }
    if (tolerated.size() > max_named) {
        answered.message += "; and " + std::to_string(tolerated.size() - max_named) + " more";
    }
}

}  // namespace ocpi::http
