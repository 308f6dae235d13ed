#include "ocpi/protocol/paging.hpp"

#include "ocpi/base/foreign_date_time.hpp"

#include <algorithm>
#include <charconv>
#include <limits>

namespace ocpi::protocol {
namespace {

/// A whole number of any length; what is too large to count with is held at the largest count.
std::optional<std::uint64_t> read_count(const std::string& text)
{
    const bool digits_only = !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
        return c >= '0' && c <= '9';
    });
    if (!digits_only) return {};
    constexpr std::uint64_t max_value = std::numeric_limits<std::int64_t>::max();
    std::uint64_t count = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), count);
    if (read.ec != std::errc() || count > max_value) return max_value;
    return count;
}

}  // namespace

result<page_request> read_page_request(const page_parameters& sent, const page_limits& limits,
                                       bool converts_timestamps)
{
    page_request request;
    std::string problems;
    const auto add_problem = [&problems](std::string_view text) {
        if (!problems.empty()) problems += "; ";
        problems += text;
    };
    const auto read_bound = [&](const std::string* text, const char* name) {
        std::optional<date_time> bound;
        if (!text) return bound;
        const auto read = parse_foreign_date_time(*text);
        if (!read || (!read->conversion.empty() && !converts_timestamps)) {
            add_problem(std::string(name) +
                        " must be a DateTime in UTC such as "
                        "2024-01-01T00:00:00Z");
            return bound;
        }
        if (!read->conversion.empty()) {
            request.tolerated.push_back(std::string(name) + ' ' + std::string(read->conversion));
        }
        bound = read->parsed.value;
        return bound;
    };
    request.date_from = read_bound(sent.date_from, "date_from");
    request.date_to = read_bound(sent.date_to, "date_to");

    if (sent.offset) {
        const auto offset = read_count(*sent.offset);
        if (!offset) add_problem("offset must be a whole number of at least 0");
        request.offset = offset.value_or(0);
    }
    request.max_bytes = limits.max_bytes;
    request.limit = std::min(limits.default_limit, limits.max_limit);
    if (sent.limit) {
        const auto limit = read_count(*sent.limit);
        if (!limit || *limit == 0) add_problem("limit must be a whole number of at least 1");
        request.limit = std::min(limit.value_or(1), limits.max_limit);
    }
    if (!problems.empty()) return error(errc::invalid, std::move(problems));
    return request;
}

}  // namespace ocpi::protocol
