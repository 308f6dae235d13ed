#include "http/cursor_page.hpp"

#include "ocpi/json/writer.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

namespace ocpi::http {
namespace {

error bad_parameter(std::string text)
{
    return error(errc::malformed_http, std::move(text));
}

result<std::uint64_t> read_page_size(const std::string& text)
{
    std::uint64_t size = 0;
    const auto* const end = text.data() + text.size();
    const auto [stopped, failure] = std::from_chars(text.data(), end, size);
    const bool is_number = failure == std::errc() && stopped == end;
    if (is_number && size >= 1 && size <= max_page_size) return size;
    return bad_parameter("pageSize must be a number from 1 to " + std::to_string(max_page_size));
}

std::string quoted(const std::optional<std::string>& cursor)
{
    return cursor ? json::quote(*cursor) : "null";
}

}  // namespace

error bad_cursor(std::string name)
{
    return bad_parameter(std::move(name) + " must be a cursor from an earlier page of this list");
}

result<cursor_request> read_cursor_request(const call& call)
{
    cursor_request wanted;
    bool has_size = false;
    for (const auto& parameter : call.target.query) {
        const bool is_after = parameter.name == "after";
        if (is_after || parameter.name == "before") {
            auto& cursor = is_after ? wanted.after : wanted.before;
            if (cursor || parameter.value.empty()) return bad_cursor(parameter.name);
            cursor = parameter.value;
        } else if (parameter.name == "pageSize") {
            if (has_size) return bad_parameter("pageSize must be sent once");
            has_size = true;
            const auto size = read_page_size(parameter.value);
            if (size.has_error()) return size.error();
            wanted.page_size = *size;
        }
    }
    if (wanted.after && wanted.before) {
        return bad_parameter("after and before exclude each other");
    }
    return wanted;
}

answer make_cursor_answer(cursor_page page)
{
    json::object_writer cursors;
    cursors.raw("before", quoted(page.before)).raw("after", quoted(page.after));
    const auto pagination = cursors.finish();
    std::size_t size = pagination.size() + 32;
    for (const auto& object : page.objects) size += object.size() + 1;
    answer answered;
    auto& text = answered.data;
    text.reserve(size);
    text += "{\"data\":[";
    bool is_first = true;
    for (auto& object : page.objects) {
        if (!is_first) text += ',';
        is_first = false;
        text += object;
        std::string().swap(object);
    }
    text.append("],\"pagination\":").append(pagination) += '}';
    return answered;
}

result<index_range> find_page(const std::vector<std::string>& cursors, const cursor_request& wanted)
{
    index_range page{0, cursors.size()};
    const auto place_of = [&cursors](const std::string& cursor) {
        const auto found = std::find(cursors.begin(), cursors.end(), cursor);
        return static_cast<std::size_t>(found - cursors.begin());
    };
    if (wanted.after) {
        page.first = place_of(*wanted.after) + 1;
        if (page.first > cursors.size()) return bad_cursor("after");
    }
    const auto size = static_cast<std::size_t>(wanted.page_size);
    if (wanted.before) {
        page.last = place_of(*wanted.before);
        if (page.last == cursors.size()) return bad_cursor("before");
        page.first = page.last - std::min(page.last, size);
    } else {
        page.last = std::min(page.last, page.first + size);
    }
    return page;
}

void add_cursors(cursor_page& page, const std::vector<std::string>& cursors, index_range part)
{
    if (part.first == part.last) return;
    if (part.first > 0) page.before = cursors[part.first];
    if (part.last < cursors.size()) page.after = cursors[part.last - 1];
}

}  // namespace ocpi::http
