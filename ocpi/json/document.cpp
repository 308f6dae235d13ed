#include "ocpi/json/document.hpp"

#include "ocpi/base/decimal.hpp"

#include <algorithm>
#include <unordered_map>

namespace ocpi::json {

std::string_view describe(kind of) noexcept
{
    switch (of) {
        case kind::null: return "null";
        case kind::boolean: return "a boolean";
        case kind::number: return "a number";
        case kind::string: return "a string";
        case kind::object: return "an object";
        case kind::array: return "an array";
    }
    return "a value";
}

std::string_view value::name_text() const noexcept
{
    // A member's value follows its name and a colon at once; the name's own quotes end there.
    const auto& self = node();
    const auto end = self.begin - 1;
    if (!self.name_is_decoded) return detail::slice(storage_->text, self.name_begin - 1, end);
    auto begin = end - 1;
    do {
        begin = static_cast<std::uint32_t>(storage_->text.rfind('"', begin - 1));
    } while (storage_->text[begin - 1] == '\\');
    return detail::slice(storage_->text, begin, end);
}

std::vector<std::string> document::pointers_to_long_numbers() const
{
    // Every pointer repeats the names on its way: bounded, so that few bytes cannot become many.
    constexpr std::size_t max_bytes = 4 * 1024;
    std::vector<std::string> pointers;
    std::size_t bytes = 0;
    for (const auto index : storage_->long_numbers) {
        if (bytes > max_bytes) break;
        pointers.push_back(pointer_to(index));
        bytes += pointers.back().size() + 1;
    }
    return pointers;
}

std::string document::pointer_to(std::uint32_t index) const
{
    std::string pointer;
    std::uint32_t container = 0;
    while (container != index) {
        const value here(storage_.get(), container);
        std::size_t position = 0;
        for (auto child : here) {
            if (index < child.node().next) {
                pointer = here.is(kind::object) ? append_pointer(pointer, child.name())
                                                : append_pointer(pointer, position);
                container = child.index_;
                break;
            }
            ++position;
        }
    }
    return pointer;
}

namespace {

bool same_numbers(value a, value b, number_equality numbers)
{
    if (numbers == number_equality::spelling || a.text() == b.text()) return a.text() == b.text();
    return decimal::parse(a.text()) == decimal::parse(b.text());
}

bool same_members(value a, value b, number_equality numbers)
{
    // An index, because a search per member would take quadratic time on a hostile object.
    std::unordered_map<std::string_view, value> members;
    members.reserve(b.size());
    for (auto member : b) members.emplace(member.name(), member);
    return std::all_of(a.begin(), a.end(), [&](value member) {
        const auto other = members.find(member.name());
        return other != members.end() && same(member, other->second, numbers);
    });
}

}  // namespace

bool same(value a, value b, number_equality numbers)
{
    if (a.kind() != b.kind() || a.size() != b.size()) return false;
    if (a.text() == b.text()) return true;
    switch (a.kind()) {
        case kind::null: return true;
        case kind::boolean: return false;
        case kind::number: return same_numbers(a, b, numbers);
        case kind::string: return a.string() == b.string();
        case kind::object: return same_members(a, b, numbers);
        case kind::array:
            return std::equal(a.begin(), a.end(), b.begin(),
                              [&](value x, value y) { return same(x, y, numbers); });
    }
    return false;
}

std::string append_pointer(std::string_view pointer, std::string_view token)
{
    std::string longer(pointer);
    longer += '/';
    for (char c : token) {
        if (c == '~')
            longer += "~0";
        else if (c == '/')
            longer += "~1";
        else
            longer += c;
    }
    return longer;
}

std::string append_pointer(std::string_view pointer, std::size_t index)
{
    return append_pointer(pointer, std::to_string(index));
}

}  // namespace ocpi::json
