#include "ocpi/json/salvage.hpp"

#include "ocpi/json/document.hpp"

#include <cstddef>

namespace ocpi::json {
namespace {

/// Walks over JSON values without looking into them.
class scanner {
public:
    explicit scanner(std::string_view text) : text_(text) {}

    std::size_t at() const noexcept { return at_; }
    char peek() const noexcept { return at_ < text_.size() ? text_[at_] : '\0'; }

    void skip_space()
    {
        while (peek() == ' ' || peek() == '\t' || peek() == '\n' || peek() == '\r') ++at_;
    }

    bool take(char wanted)
    {
        skip_space();
        if (peek() != wanted) return false;
        ++at_;
        return true;
    }

    /// To behind the string that begins here; false when it has no end.
    bool pass_string()
    {
        ++at_;
        for (; at_ < text_.size(); ++at_) {
            if (text_[at_] == '\\') {
                ++at_;
            } else if (text_[at_] == '"') {
                ++at_;
                return true;
            }
        }
        return false;
    }

    /// To the comma or the closing bracket behind the value that begins here.
    bool pass_value()
    {
        std::size_t depth = 0;
        while (at_ < text_.size()) {
            const char c = text_[at_];
            if (c == '"') {
                if (!pass_string()) return false;
                continue;
            }
            if (depth == 0 && (c == ',' || c == ']' || c == '}')) return true;
            if (c == '[' || c == '{') ++depth;
            if (c == ']' || c == '}') --depth;
            ++at_;
        }
        return false;
    }

private:
    std::string_view text_;
    std::size_t at_ = 0;
};

/// Reads the member's name that comes next, past its colon; std::nullopt when none comes.
std::optional<std::string_view> pass_name(std::string_view text, scanner& in)
{
    in.skip_space();
    const auto begin = in.at();
    if (in.peek() != '"' || !in.pass_string()) return std::nullopt;
    const auto name = text.substr(begin + 1, in.at() - begin - 2);
    if (!in.take(':')) return std::nullopt;
    in.skip_space();
    return name;
}

/// The characters of the JSON string; empty when it is none, or none that can be read.
std::string read_string(std::string_view text)
{
    const auto parsed = parse(text);
    return parsed.has_value() ? std::string(parsed->root().string()) : std::string();
}

/// The `id` of an object of which only the beginning need be sound.
std::string find_id(std::string_view element)
{
    scanner in(element);
    if (!in.take('{')) return {};
    do {
        const auto name = pass_name(element, in);
        if (!name) return {};
        const auto begin = in.at();
        const bool is_string = in.peek() == '"';
        if (!(is_string ? in.pass_string() : in.pass_value())) return {};
        if (*name == "id") return read_string(element.substr(begin, in.at() - begin));
    } while (in.take(','));
    return {};
}

/// parse() speaks of a body, of which this is but a part.
std::string reason_of(const error& failure)
{
    constexpr std::string_view about_a_body = "the body is not";
    const std::string& text = failure.text();
    return text.starts_with(about_a_body) ? "not" + text.substr(about_a_body.size()) : text;
}

/// The list's text with its bad elements replaced; the scanner stands behind its opening bracket.
std::optional<salvaged_list> read_list(std::string_view text, scanner& in)
{
    salvaged_list list;
    list.text = "[";
    in.skip_space();
    const bool is_empty = in.take(']');
    for (std::size_t index = 0; !is_empty; ++index) {
        in.skip_space();
        const auto begin = in.at();
        if (!in.pass_value()) return std::nullopt;
        const auto element = text.substr(begin, in.at() - begin);
        const auto parsed = parse(element);
        list.text.append(parsed.has_value() ? element : "null");
        if (parsed.has_error()) {
            auto& lost = list.lost.emplace_back();
            lost.index = index;
            lost.reason = reason_of(parsed.error());
            lost.id = find_id(element);
        }
        if (in.take(']')) break;
        if (!in.take(',')) return std::nullopt;
        list.text += ',';
    }
    list.text += ']';
    return list;
}

}  // namespace

std::optional<salvaged_list> null_out_invalid(std::string_view text, std::string_view name)
{
    scanner in(text);
    if (!in.take('{')) return std::nullopt;
    do {
        const auto member = pass_name(text, in);
        if (!member) return std::nullopt;
        const auto value = in.at();
        if (*member == name && in.take('[')) {
            auto list = read_list(text, in);
            if (!list) return std::nullopt;
            list->text.insert(0, text.substr(0, value)).append(text.substr(in.at()));
            return list;
        }
        if (!in.pass_value()) return std::nullopt;
    } while (in.take(','));
    return std::nullopt;
}

}  // namespace ocpi::json
