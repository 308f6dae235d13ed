#include "app/limits_config.hpp"

#include <algorithm>
#include <cstddef>
#include <string>

namespace ocpi::app {
namespace {

template <class Number>
void read_number(table_reader& in, const char* key, Number& number, std::int64_t min,
                 std::int64_t max)
{
    if (const auto value = in.integer(key, min, max)) number = static_cast<Number>(*value);
}

template <class Number>
void read_size(table_reader& in, const char* key, Number& size)
{
    read_number(in, key, size, 1, max_size);
}

void read_connection_limits(table_reader& in, server::limits& limits)
{
    read_size(in, "max_connections", limits.max_connections);
    read_size(in, "body_bytes", limits.body_bytes);
    read_size(in, "header_bytes", limits.header_bytes);
    read_number(in, "header_fields", limits.header_fields, 1, 10'000);
    read_timeout(in, "idle_timeout", limits.idle_timeout);
    read_timeout(in, "header_timeout", limits.header_timeout);
    read_timeout(in, "body_timeout", limits.body_timeout);
    read_timeout(in, "write_timeout", limits.write_timeout);
    read_timeout(in, "drain_timeout", limits.drain_timeout);
    // A body grows in a buffer that doubles, so it may take twice its size.
    const auto min_body_memory = 2 * limits.body_bytes;
    limits.body_memory = std::max(limits.body_memory, min_body_memory);
    read_size(in, "body_memory", limits.body_memory);
    if (limits.body_memory < min_body_memory) {
        in.note("body_memory", "must be at least twice limits.body_bytes");
    }
}

void read_list_limits(table_reader& in, protocol::page_limits& pages, http::list_limits& lists)
{
    read_size(in, "page_bytes", pages.max_bytes);
    read_size(in, "concurrent_lists", lists.being_made);
    read_size(in, "lists_per_token", lists.at_a_time);
    read_size(in, "waiting_lists_per_token", lists.waiting);
}

/// One caller may hold half of the memory, and two a third each: then a page fits in.
void read_answer_memory(table_reader& in, std::size_t page_bytes, std::size_t& answer_memory)
{
    const auto min_answer_memory = 4 * page_bytes;
    answer_memory = std::max(answer_memory, min_answer_memory);
    read_number(in, "answer_memory", answer_memory, 1, 4 * max_size);
    if (answer_memory < min_answer_memory) {
        in.note("answer_memory", "must be at least four times limits.page_bytes");
    }
}

void read_request_limits(table_reader& in, http::request_limits& limits)
{
    constexpr std::int64_t max_count = 1'000'000;
    read_number(in, "requests_per_second", limits.requests_per_second, 0, max_count);
    read_number(in, "burst", limits.burst, 0, max_count);
    read_number(in, "concurrent_requests", limits.concurrent_requests, 0, max_count);
    read_number(in, "failed_per_minute", limits.failed_per_minute, 0, max_count);
    if (limits.burst > 0 && limits.requests_per_second == 0) {
        in.note("burst", "needs limits.requests_per_second");
    }
    for (const auto& text : in.texts("trusted_proxies")) {
        const auto range = http::address_range::parse(text);
        if (!range) {
            in.note("trusted_proxies",
                    "has \"" + text +
                        "\"; it takes addresses and networks, such as \"192.0.2.1\", "
                        "\"10.0.0.0/8\" or \"2001:db8::/32\", with zeros behind the prefix");
            continue;
        }
        limits.trusted_proxies.push_back(*range);
    }
}

}  // namespace

void read_limits(table_reader& in, config& into)
{
    read_connection_limits(in, into.limits);
    read_list_limits(in, into.page_limits, into.list_limits);
    read_answer_memory(in, static_cast<std::size_t>(into.page_limits.max_bytes),
                       into.limits.answer_memory);
    read_request_limits(in, into.request_limits);
}

}  // namespace ocpi::app
