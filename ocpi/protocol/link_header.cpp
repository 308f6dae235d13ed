#include "ocpi/protocol/link_header.hpp"

#include "ocpi/base/ci_string.hpp"

namespace ocpi::protocol {
namespace {

constexpr std::string_view blanks = " \t";

std::string_view trim(std::string_view text)
{
    const auto first = text.find_first_not_of(blanks);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

/// Walks a header value from its begin to its end; never back.
class scanner {
public:
    explicit scanner(std::string_view text) : rest_(text) {}

    bool at_end() const { return rest_.empty(); }

    /// Goes past blanks, and past the character when it comes next.
    bool take(char wanted)
    {
        skip_blanks();
        if (rest_.empty() || rest_.front() != wanted) return false;
        rest_.remove_prefix(1);
        return true;
    }

    /// The text before the character, which is consumed too; std::nullopt at the end of the text
    /// when it is missing.
    std::optional<std::string_view> take_until(char last)
    {
        const auto end = rest_.find(last);
        if (end == std::string_view::npos) {
            rest_ = {};
            return {};
        }
        const auto taken = rest_.substr(0, end);
        rest_.remove_prefix(end + 1);
        return taken;
    }

    /// The name or unquoted value that comes next; may be empty.
    std::string_view take_token()
    {
        skip_blanks();
        const auto taken = rest_.substr(0, rest_.find_first_of(" \t;,=\""));
        rest_.remove_prefix(taken.size());
        return taken;
    }

    /// The characters of a quoted string whose opening quote is passed already.
    std::string take_quoted()
    {
        std::string characters;
        while (!rest_.empty()) {
            char c = rest_.front();
            rest_.remove_prefix(1);
            if (c == '"') break;
            if (c == '\\' && !rest_.empty()) {
                c = rest_.front();
                rest_.remove_prefix(1);
            }
            characters += c;
        }
        return characters;
    }

    /// Goes past the comma that ends a link, over quoted strings.
    void skip_link()
    {
        while (!rest_.empty()) {
            const char c = rest_.front();
            rest_.remove_prefix(1);
            if (c == ',') return;
            if (c == '"') take_quoted();
        }
    }

private:
    void skip_blanks()
    {
        const auto first = rest_.find_first_not_of(blanks);
        rest_.remove_prefix(first == std::string_view::npos ? rest_.size() : first);
    }

    std::string_view rest_;
};

bool names_next(std::string_view relations)
{
    while (!relations.empty()) {
        const auto end = relations.find_first_of(blanks);
        if (equal_ignoring_case(relations.substr(0, end), "next")) return true;
        if (end == std::string_view::npos) return false;
        relations.remove_prefix(end + 1);
    }
    return false;
}

/// Reads the parameters of a link; true when its relations include `next`. Of several `rel` the
/// first counts (RFC 8288 section 3.3).
bool read_parameters(scanner& in)
{
    std::optional<bool> is_next;
    while (in.take(';')) {
        const auto name = in.take_token();
        std::string value;
        if (in.take('=')) value = in.take('"') ? in.take_quoted() : std::string(in.take_token());
        if (!is_next && equal_ignoring_case(name, "rel")) is_next = names_next(value);
    }
    return is_next.value_or(false);
}

}  // namespace

std::optional<std::string> find_next_link(std::string_view header_value)
{
    scanner in(header_value);
    while (!in.at_end()) {
        if (in.take('<')) {
            const auto target = in.take_until('>');
            if (target && read_parameters(in)) return std::string(trim(*target));
        }
        in.skip_link();
    }
    return {};
}

}  // namespace ocpi::protocol
