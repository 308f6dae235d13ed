#include "http/forwarded.hpp"

#include "http/address_range.hpp"
#include "ocpi/base/ci_string.hpp"

#include <algorithm>
#include <string>

namespace ocpi::http {
namespace {

std::string_view trim(std::string_view text)
{
    const auto first = text.find_first_not_of(" \t");
    if (first == text.npos) return {};
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

bool is_port(std::string_view text)
{
    return !text.empty() && text.size() <= 5 &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// `192.0.2.1`, `192.0.2.1:80`, `[2001:db8::1]`, `[2001:db8::1]:80`, and, as X-Forwarded-For has
/// it, `2001:db8::1`.
std::optional<boost::asio::ip::address> parse_node(std::string_view text)
{
    if (text.starts_with('[')) {
        const auto end = text.find(']');
        if (end == text.npos) return {};
        const auto rest = text.substr(end + 1);
        if (!rest.empty() && !(rest.front() == ':' && is_port(rest.substr(1)))) return {};
        const auto inner = text.substr(1, end - 1);
        if (inner.find(':') == inner.npos) return {};
        return parse_address(inner);
    }
    const auto colon = text.find(':');
    const bool has_port = colon != text.npos && text.find(':', colon + 1) == text.npos;
    if (!has_port) return parse_address(text);
    if (!is_port(text.substr(colon + 1))) return {};
    return parse_address(text.substr(0, colon));
}

/// Reads a Forwarded value from its beginning. Beside the grammar it takes blanks around `;` and,
/// in values without quotes, the characters of addresses: proxies send both.
class forwarded_reader {
public:
    explicit forwarded_reader(std::string_view text) : rest_(text) {}

    /// std::nullopt when the value breaks the grammar.
    std::optional<forwarded_hops> read()
    {
        forwarded_hops hops;
        do {
            auto hop = read_element();
            if (!is_sound_) return {};
            hops.push_back(hop);
        } while (take(','));
        if (!rest_.empty()) return {};
        return hops;
    }

private:
    std::optional<boost::asio::ip::address> read_element()
    {
        std::optional<boost::asio::ip::address> hop;
        bool has_for = false;
        do {
            skip_blanks();
            if (rest_.empty() || rest_.front() == ';' || rest_.front() == ',') continue;
            const auto name = read_token("");
            if (name.empty() || !take('=')) return fail();
            const auto value = read_value();
            if (!is_sound_) return {};
            skip_blanks();
            if (!equal_ignoring_case(name, "for")) continue;
            if (has_for) return fail();
            has_for = true;
            hop = parse_node(value);
        } while (take(';'));
        return hop;
    }

    std::string read_value()
    {
        if (!take('"')) {
            std::string token(read_token(":[]"));
            if (token.empty()) is_sound_ = false;
            return token;
        }
        std::string value;
        while (!rest_.empty()) {
            const char c = rest_.front();
            rest_.remove_prefix(1);
            if (c == '"') return value;
            if (c != '\\') {
                value += c;
            } else if (!rest_.empty()) {
                value += rest_.front();
                rest_.remove_prefix(1);
            }
        }
        is_sound_ = false;
        return {};
    }

    std::string_view read_token(std::string_view further)
    {
        constexpr std::string_view signs = "!#$%&'*+-.^_`|~";
        const auto is_inside = [&](char c) {
            return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                   signs.find(c) != signs.npos || further.find(c) != further.npos;
        };
        const auto end = std::find_if_not(rest_.begin(), rest_.end(), is_inside);
        const auto token = rest_.substr(0, static_cast<std::size_t>(end - rest_.begin()));
        rest_.remove_prefix(token.size());
        return token;
    }

    bool take(char wanted)
    {
        if (!rest_.starts_with(wanted)) return false;
        rest_.remove_prefix(1);
        return true;
    }

    void skip_blanks()
    {
        rest_.remove_prefix(std::min(rest_.find_first_not_of(" \t"), rest_.size()));
    }

    std::nullopt_t fail()
    {
        is_sound_ = false;
        return std::nullopt;
    }

    std::string_view rest_;
    bool is_sound_ = true;
};

}  // namespace

forwarded_hops parse_forwarded(std::string_view value)
{
    auto hops = forwarded_reader(value).read();
    if (!hops) return {std::nullopt};
    return std::move(*hops);
}

forwarded_hops parse_x_forwarded_for(std::string_view value)
{
    forwarded_hops hops;
    for (;;) {
        const auto comma = value.find(',');
        hops.push_back(parse_node(trim(value.substr(0, comma))));
        if (comma == value.npos) return hops;
        value.remove_prefix(comma + 1);
    }
}

}  // namespace ocpi::http
