#pragma once

#include "ocpi/base/error.hpp"

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ocpi::json {

enum class kind : std::uint8_t { null, boolean, number, string, object, array };

/// `a number`, `an object`, …: the kind as named in messages.
std::string_view describe(kind of) noexcept;

namespace detail {

/// One value of a document. Values stand in document order, a container before its content.
struct node {
    json::kind kind = json::kind::null;
    bool text_is_decoded = false;  ///< the characters of a string differ from its JSON text
    bool name_is_decoded = false;
    std::uint32_t begin = 0, end = 0;                  ///< the value in `text`
    std::uint32_t decoded_begin = 0, decoded_end = 0;  ///< a string's characters in `decoded`
    std::uint32_t name_begin = 0, name_end = 0;  ///< the member's name, in `text` or `decoded`
    std::uint32_t next = 0;                      ///< the node after this value and its content
    std::uint32_t size = 0;                      ///< members or elements
};

struct storage {
    std::string text;     ///< the document without white space
    std::string decoded;  ///< names and strings that had escapes, unescaped
    std::vector<node> nodes;
    std::vector<std::uint32_t> long_numbers;
};

inline std::string_view slice(const std::string& text, std::uint32_t begin,
                              std::uint32_t end) noexcept
{
    return std::string_view(text.data() + begin, end - begin);
}

}  // namespace detail

class value;

/// Walks the members of an object or the elements of an array in document order.
class value_iterator {
public:
    using iterator_category = std::forward_iterator_tag;
    using value_type = value;
    using difference_type = std::ptrdiff_t;
    using pointer = void;
    using reference = value;

    value_iterator() = default;
    value_iterator(const detail::storage* storage, std::uint32_t index)
        : storage_(storage), index_(index)
    {
    }

    value operator*() const;
    value_iterator& operator++();
    value_iterator operator++(int);
    friend bool operator==(const value_iterator&, const value_iterator&) = default;

private:
    const detail::storage* storage_ = nullptr;
    std::uint32_t index_ = 0;
};

/// A value within a document, cheap to copy. The value and all views taken from it are valid as
/// long as the document.
class value {
public:
    value(const detail::storage* storage, std::uint32_t index) : storage_(storage), index_(index) {}

    json::kind kind() const noexcept { return node().kind; }
    bool is(json::kind wanted) const noexcept { return kind() == wanted; }

    /// The value's JSON text as received, without white space between tokens: numbers keep their
    /// spelling, strings their escapes.
    std::string_view text() const noexcept;

    /// The characters of a string, escapes resolved. Empty for other kinds.
    std::string_view string() const noexcept;

    /// The member name of this value within its object, escapes resolved.
    std::string_view name() const noexcept;
    /// The same as JSON text, in quotes.
    std::string_view name_text() const noexcept;

    /// Members of an object, elements of an array.
    std::size_t size() const noexcept { return node().size; }
    value_iterator begin() const noexcept;
    value_iterator end() const noexcept;

    /// The member of that name; std::nullopt when absent or when this is not an object.
    std::optional<value> find(std::string_view name) const noexcept;

    /// The characters of the string member of that name; empty when absent.
    std::string_view find_string(std::string_view name) const noexcept;

    /// Offset of the value in document::text().
    std::size_t offset() const noexcept { return node().begin; }

private:
    friend class document;
    const detail::node& node() const noexcept { return storage_->nodes[index_]; }

    const detail::storage* storage_;
    std::uint32_t index_;
};

// Inline, because list readers spend most of their time here.

inline value value_iterator::operator*() const
{
    return value(storage_, index_);
}

inline value_iterator& value_iterator::operator++()
{
    index_ = storage_->nodes[index_].next;
    return *this;
}

inline value_iterator value_iterator::operator++(int)
{
    auto before = *this;
    ++*this;
    return before;
}

inline std::string_view value::text() const noexcept
{
    return detail::slice(storage_->text, node().begin, node().end);
}

inline std::string_view value::string() const noexcept
{
    const auto& self = node();
    if (self.kind != json::kind::string) return {};
    if (self.text_is_decoded) {
        return detail::slice(storage_->decoded, self.decoded_begin, self.decoded_end);
    }
    return detail::slice(storage_->text, self.begin + 1, self.end - 1);
}

inline std::string_view value::name() const noexcept
{
    const auto& self = node();
    return detail::slice(self.name_is_decoded ? storage_->decoded : storage_->text, self.name_begin,
                         self.name_end);
}

inline value_iterator value::begin() const noexcept
{
    return value_iterator(storage_, size() == 0 ? node().next : index_ + 1);
}

inline value_iterator value::end() const noexcept
{
    return value_iterator(storage_, node().next);
}

inline std::optional<value> value::find(std::string_view name) const noexcept
{
    if (!is(json::kind::object)) return {};
    for (const auto member : *this) {
        if (member.name() == name) return member;
    }
    return {};
}

inline std::string_view value::find_string(std::string_view name) const noexcept
{
    const auto member = find(name);
    return member ? member->string() : std::string_view();
}

/// Maximum nesting depth of containers; the root counts as 1.
inline constexpr std::size_t max_depth = 32;

/// Maximum characters of a number; code that reads fields refuses longer ones.
inline constexpr std::size_t max_number_length = 100;

/// A parsed JSON text that keeps every number's spelling and every member, known or not.
class document {
public:
    value root() const noexcept { return value(storage_.get(), 0); }

    /// The whole document without white space between tokens.
    const std::string& text() const noexcept { return storage_->text; }

    /// JSON pointers (RFC 6901) of the numbers longer than max_number_length: the first one, and
    /// as many more as fit into 4 KiB.
    std::vector<std::string> pointers_to_long_numbers() const;

private:
    friend result<document> parse(std::string_view text, std::size_t deepest_allowed);
    explicit document(std::unique_ptr<const detail::storage> storage) : storage_(std::move(storage))
    {
    }

    std::string pointer_to(std::uint32_t index) const;

    std::unique_ptr<const detail::storage> storage_;
};

/// Parses a JSON text. errc::unreadable when it is not RFC 8259 JSON in valid UTF-8, is empty, has
/// a lone surrogate, a member name twice in one object, or is nested deeper than allowed.
result<document> parse(std::string_view text, std::size_t deepest_allowed = max_depth);

/// How two numbers are compared: by spelling or by value.
enum class number_equality { spelling, amount };

/// True if both values are equal. The order of members, escapes and white space are ignored.
bool same(value a, value b, number_equality numbers);

/// `/charging_periods/0`: the pointer with one more token, escaped.
std::string append_pointer(std::string_view pointer, std::string_view token);
std::string append_pointer(std::string_view pointer, std::size_t index);

}  // namespace ocpi::json
