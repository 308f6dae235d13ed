#include "bench/partners/request_reader.hpp"

#include <cstdlib>

#include <strings.h>

namespace ocpi::bench {
namespace {

std::size_t content_length(const std::string& head)
{
    constexpr std::string_view name = "\r\nContent-Length:";
    for (auto at = head.find("\r\n"); at != std::string::npos; at = head.find("\r\n", at + 2)) {
        if (::strncasecmp(head.c_str() + at, name.data(), name.size()) != 0) continue;
        return std::strtoul(head.c_str() + at + name.size(), nullptr, 10);
    }
    return 0;
}

}  // namespace

std::optional<received_request> request_reader::next()
{
    const auto end = unread_.find("\r\n\r\n");
    if (end == std::string::npos) return {};
    const auto head = unread_.substr(0, end);
    const auto size = content_length(head);
    if (unread_.size() < end + 4 + size) return {};
    const auto method_end = head.find(' ');
    const auto target_end = head.find(' ', method_end + 1);
    received_request request{head.substr(0, method_end),
                             head.substr(method_end + 1, target_end - method_end - 1),
                             unread_.substr(end + 4, size)};
    unread_.erase(0, end + 4 + size);
    return request;
}

}  // namespace ocpi::bench
