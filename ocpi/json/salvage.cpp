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

/// The list's text with its bad elements replaced; the scanner stands behind its opening bracket.
std::optional<std::string> read_list(std::string_view text, scanner& in)
{
    std::string list = "[";
    in.skip_space();
    if (in.take(']')) return list + ']';
    for (;;) {
        in.skip_space();
        const auto begin = in.at();
        if (!in.pass_value()) return {};
        const auto element = text.substr(begin, in.at() - begin);
        list.append(parse(element).has_value() ? element : "null");
        if (in.take(']')) return list + ']';
        if (!in.take(',')) return {};
        list += ',';
    }
}

}  // namespace

std::optional<std::string> salvage_list(std::string_view text, std::string_view name)
{
    scanner in(text);
    if (!in.take('{')) return {};
    do {
        in.skip_space();
        const auto begin = in.at();
        if (in.peek() != '"' || !in.pass_string()) return {};
        const auto member = text.substr(begin + 1, in.at() - begin - 2);
        if (!in.take(':')) return {};
        in.skip_space();
        const auto value = in.at();
        if (member == name && in.take('[')) {
            const auto list = read_list(text, in);
            if (!list) return {};
            return std::string(text.substr(0, value)).append(*list).append(text.substr(in.at()));
        }
        if (!in.pass_value()) return {};
    } while (in.take(','));
    return {};
}

}  // namespace ocpi::json
