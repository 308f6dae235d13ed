#include "http/request_body.hpp"

#include "ocpi/base/ci_string.hpp"
#include "ocpi/json/byte_order_mark.hpp"

#include <string_view>

namespace ocpi::http {
namespace {

/// The first Content-Encoding that is one; nullptr when the body is sent as it is.
const std::string* find_encoding(const headers& sent)
{
    for (const auto& field : sent) {
        if (!equal_ignoring_case(field.name, "Content-Encoding")) continue;
        if (!field.value.empty() && !equal_ignoring_case(field.value, "identity")) {
            return &field.value;
        }
    }
    return nullptr;
}

error encoded(std::string_view encoding)
{
    constexpr std::size_t max_size = 40;
    const bool is_presentable = encoding.size() <= max_size && is_printable_ascii(encoding);
    return error(errc::unreadable, "the body has a Content-Encoding" +
                                       (is_presentable ? ", " + std::string(encoding) : "") +
                                       ", which is not understood here; send it without one");
}

}  // namespace

result<std::vector<std::string>> prepare_body(request& received, auth::profile strictness)
{
    std::vector<std::string> tolerated;
    if (received.body.empty()) return tolerated;
    if (const auto* encoding = find_encoding(received.headers)) return encoded(*encoding);
    const bool has_mark = received.body.starts_with(json::byte_order_mark);
    if (has_mark && strictness == auth::profile::tolerant) {
        received.body.erase(0, json::byte_order_mark.size());
        tolerated.emplace_back("a byte order mark before the body");
    }
    return tolerated;
}

}  // namespace ocpi::http
