#include "auth/authorization.hpp"

#include "auth/hashing.hpp"
#include "ocpi/base/ci_string.hpp"

#include <utility>

namespace ocpi::auth {
namespace {

constexpr std::string_view scheme = "Token ";

}  // namespace

std::vector<std::string> presented_tokens(std::string_view authorization)
{
    if (!equal_ignoring_case(authorization.substr(0, scheme.size()), scheme)) return {};
    auto parameter = authorization.substr(scheme.size());
    const auto first = parameter.find_first_not_of(' ');
    if (first == std::string_view::npos) return {};
    parameter = parameter.substr(first, parameter.find_last_not_of(" \t") - first + 1);

    std::vector<std::string> tokens;
    if (auto decoded = decode_base64(parameter)) {
        while (!decoded->empty() && (decoded->back() == '\n' || decoded->back() == '\r')) {
            decoded->pop_back();
        }
        tokens.push_back(std::move(*decoded));
    }
    tokens.emplace_back(parameter);
    return tokens;
}

std::string write_authorization(std::string_view token)
{
    return std::string(scheme).append(encode_base64(token));
}

std::string write_raw_authorization(std::string_view token)
{
    return std::string(scheme).append(token);
}

}  // namespace ocpi::auth
