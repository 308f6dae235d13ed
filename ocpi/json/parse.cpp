#include "ocpi/base/decimal.hpp"
#include "ocpi/json/document.hpp"

#include <rapidjson/error/en.h>
#include <rapidjson/memorystream.h>
#include <rapidjson/reader.h>

#include <algorithm>
#include <limits>

// RapidJSON's reader checks the grammar; the builder below cuts exact slices out of the text as
// the reader passes over it. Three things that RFC 8259 or our rules ask for are done here,
// because the reader does not: numbers beyond a double's range are legal, a lone low surrogate
// is not, and what follows a NUL byte counts.

namespace ocpi::json {
namespace {

constexpr unsigned ascii_flags = rapidjson::kParseNumbersAsStringsFlag;
/// A third slower, and of no use to what is ASCII, as nearly all is.
constexpr unsigned utf8_flags = ascii_flags | rapidjson::kParseValidateEncodingFlag;

bool is_ascii(std::string_view text) noexcept
{
    unsigned char all = 0;
    for (const char c : text) all |= static_cast<unsigned char>(c);
    return all < 0x80;
}

bool is_number_character(char c) noexcept
{
    return (c >= '0' && c <= '9') || c == '-' || c == '+' || c == '.' || c == 'e' || c == 'E';
}

std::size_t end_of_number(std::string_view text, std::size_t begin) noexcept
{
    while (begin < text.size() && is_number_character(text[begin])) ++begin;
    return begin;
}

/// The reader resolves `\uDC00` standing alone to a code point that UTF-8 cannot hold.
bool has_surrogate(std::string_view decoded) noexcept
{
    for (std::size_t i = 0; i + 1 < decoded.size(); ++i) {
        if (decoded[i] == '\xed' && static_cast<unsigned char>(decoded[i + 1]) >= 0xa0) {
            return true;
        }
    }
    return false;
}

class builder {
public:
    builder(std::string_view source, const rapidjson::MemoryStream& stream,
            std::size_t deepest_allowed)
        : source_(source),
          stream_(stream),
          deepest_allowed_(deepest_allowed),
          built_(std::make_unique<detail::storage>())
    {
        built_->text.reserve(source.size());
        built_->nodes.reserve(source.size() / 16 + 1);
    }

    std::unique_ptr<detail::storage> take() { return std::move(built_); }
    /// Why a callback stopped the reader.
    const std::string& objection() const noexcept { return objection_; }

    // Callbacks of the reader.
    bool Null() { return add_scalar(kind::null, 4); }
    bool Bool(bool truth) { return add_scalar(kind::boolean, truth ? 4 : 5); }
    bool RawNumber(const char*, rapidjson::SizeType, bool)
    {
        const auto begin = next_token();
        const auto length = end_of_number(source_, begin) - begin;
        if (length > max_number_length) {
            built_->long_numbers.push_back(static_cast<std::uint32_t>(built_->nodes.size()));
        }
        return add_scalar(kind::number, length);
    }
    bool String(const char* characters, rapidjson::SizeType length, bool)
    {
        const auto begin = next_token();
        const auto end = stream_.Tell();
        add_scalar(kind::string, end - begin);
        auto& node = built_->nodes.back();
        node.text_is_decoded = length != end - begin - 2;
        if (!node.text_is_decoded) return true;
        node.decoded_begin = position(built_->decoded);
        built_->decoded.append(characters, length);
        node.decoded_end = position(built_->decoded);
        return check_surrogates({characters, length});
    }
    bool Key(const char* characters, rapidjson::SizeType length, bool)
    {
        const auto begin = next_token();
        const auto end = stream_.Tell();
        begin_item();
        built_->text.append(source_.substr(begin, end - begin));
        name_is_decoded_ = length != end - begin - 2;
        if (name_is_decoded_) {
            name_begin_ = position(built_->decoded);
            built_->decoded.append(characters, length);
            name_end_ = position(built_->decoded);
        } else {
            name_end_ = position(built_->text) - 1;
            name_begin_ = name_end_ - length;
        }
        built_->text += ':';
        after_name_ = true;
        consumed_ = end;
        return !name_is_decoded_ || check_surrogates({characters, length});
    }
    bool StartObject() { return open(kind::object, '{'); }
    bool EndObject(rapidjson::SizeType) { return names_are_unique() && close('}'); }
    bool StartArray() { return open(kind::array, '['); }
    bool EndArray(rapidjson::SizeType) { return close(']'); }

    // Never called with our flags; the reader's templates want them.
    bool Int(int) { return false; }
    bool Uint(unsigned) { return false; }
    bool Int64(std::int64_t) { return false; }
    bool Uint64(std::uint64_t) { return false; }
    bool Double(double) { return false; }

private:
    static std::uint32_t position(const std::string& text)
    {
        return static_cast<std::uint32_t>(text.size());
    }

    /// The first character after what was consumed that is neither white space nor a separator.
    std::size_t next_token() const noexcept
    {
        return source_.find_first_not_of(" \t\r\n,:", consumed_);
    }

    bool refuse(std::string why)
    {
        objection_ = std::move(why);
        return false;
    }

    bool check_surrogates(std::string_view decoded)
    {
        return !has_surrogate(decoded) || refuse("a string has a lone surrogate");
    }

    /// Counts a value or name into its container and sets it apart from the one before.
    void begin_item()
    {
        if (open_.empty()) return;
        auto& container = built_->nodes[open_.back()];
        if (container.size++ > 0) built_->text += ',';
    }

    detail::node& add_node(kind of)
    {
        if (!after_name_) begin_item();
        detail::node node;
        node.kind = of;
        node.begin = position(built_->text);
        if (after_name_) {
            node.name_begin = name_begin_;
            node.name_end = name_end_;
            node.name_is_decoded = name_is_decoded_;
        }
        after_name_ = false;
        built_->nodes.push_back(node);
        return built_->nodes.back();
    }

    bool add_scalar(kind of, std::size_t length)
    {
        const auto begin = next_token();
        auto& node = add_node(of);
        built_->text.append(source_.substr(begin, length));
        node.end = position(built_->text);
        node.next = static_cast<std::uint32_t>(built_->nodes.size());
        consumed_ = begin + length;
        return true;
    }

    bool open(kind of, char bracket)
    {
        if (open_.size() == deepest_allowed_) {
            return refuse("it is nested deeper than " + std::to_string(deepest_allowed_) +
                          " levels");
        }
        consumed_ = next_token() + 1;
        add_node(of);
        open_.push_back(static_cast<std::uint32_t>(built_->nodes.size() - 1));
        built_->text += bracket;
        return true;
    }

    bool close(char bracket)
    {
        consumed_ = next_token() + 1;
        built_->text += bracket;
        auto& node = built_->nodes[open_.back()];
        node.end = position(built_->text);
        node.next = static_cast<std::uint32_t>(built_->nodes.size());
        open_.pop_back();
        return true;
    }

    bool names_are_unique()
    {
        // The container is not closed yet, so its end is where the nodes end.
        names_.clear();
        for (auto index = open_.back() + 1; index < built_->nodes.size();
             index = built_->nodes[index].next) {
            names_.push_back(value(built_.get(), index).name());
        }
        std::sort(names_.begin(), names_.end());
        const auto twice = std::adjacent_find(names_.begin(), names_.end());
        if (twice == names_.end()) return true;
        return refuse("the member \"" + std::string(twice->substr(0, 64)) + "\" appears twice");
    }

    std::string_view source_;
    const rapidjson::MemoryStream& stream_;
    std::size_t deepest_allowed_;
    std::unique_ptr<detail::storage> built_;
    std::vector<std::uint32_t> open_;
    std::vector<std::string_view> names_;
    std::string objection_;
    std::size_t consumed_ = 0;
    std::uint32_t name_begin_ = 0, name_end_ = 0;
    bool name_is_decoded_ = false;
    bool after_name_ = false;
};

/// The text with every well-formed number replaced by `0` and spaces, so that no number can
/// exceed what the reader takes while every byte keeps its place.
std::string shield_numbers(std::string_view text)
{
    std::string shielded(text);
    bool in_string = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (in_string) {
            if (text[i] == '\\')
                ++i;
            else
                in_string = text[i] != '"';
        } else if (text[i] == '"') {
            in_string = true;
        } else if (is_number_character(text[i])) {
            const auto end = end_of_number(text, i);
            if (decimal::parse(text.substr(i, end - i))) {
                std::fill(shielded.begin() + static_cast<std::ptrdiff_t>(i),
                          shielded.begin() + static_cast<std::ptrdiff_t>(end), ' ');
                shielded[i] = '0';
            }
            i = end - 1;
        }
    }
    return shielded;
}

error unreadable(std::string_view why)
{
    return error(errc::unreadable, "the body is not acceptable JSON: " + std::string(why));
}

struct reading {
    std::unique_ptr<detail::storage> built;
    rapidjson::ParseErrorCode code = rapidjson::kParseErrorNone;
    std::size_t offset = 0;
    std::string objection;
};

/// Reads `grammar`, cutting the slices out of `source`; both have the same layout.
reading read(std::string_view grammar, std::string_view source, std::size_t deepest_allowed)
{
    rapidjson::MemoryStream stream(grammar.data(), grammar.size());
    builder built(source, stream, deepest_allowed);
    rapidjson::Reader reader;
    if (is_ascii(grammar)) {
        reader.Parse<ascii_flags>(stream, built);
    } else {
        reader.Parse<utf8_flags>(stream, built);
    }
    reading outcome;
    outcome.code = reader.GetParseErrorCode();
    outcome.offset =
        outcome.code == rapidjson::kParseErrorNone ? stream.Tell() : reader.GetErrorOffset();
    outcome.objection = built.objection();
    outcome.built = built.take();
    return outcome;
}

}  // namespace

result<document> parse(std::string_view text, std::size_t deepest_allowed)
{
    if (text.size() > std::numeric_limits<std::uint32_t>::max() / 2) {
        return unreadable("it is too long");
    }
    auto outcome = read(text, text, deepest_allowed);
    if (outcome.code == rapidjson::kParseErrorNumberTooBig) {
        const auto shielded = shield_numbers(text);
        outcome = read(shielded, text, deepest_allowed);
    }
    if (!outcome.objection.empty()) return unreadable(outcome.objection);
    if (outcome.code == rapidjson::kParseErrorDocumentEmpty) return unreadable("it is empty");
    if (outcome.code != rapidjson::kParseErrorNone) {
        return unreadable(std::string(rapidjson::GetParseError_En(outcome.code)) + " At byte " +
                          std::to_string(outcome.offset) + '.');
    }
    if (outcome.offset != text.size()) {
        return unreadable("something follows its end, at byte " + std::to_string(outcome.offset));
    }
    return document(std::move(outcome.built));
}

}  // namespace ocpi::json
