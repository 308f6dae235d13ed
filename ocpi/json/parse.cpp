#include "ocpi/base/decimal.hpp"
#include "ocpi/json/document.hpp"

// Strings are scanned by sixteen characters at a time where the processor can.
#if defined(__SSE2__)
#define RAPIDJSON_SSE2
#endif
#include <rapidjson/error/en.h>
#include <rapidjson/reader.h>
#include <rapidjson/stream.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// RapidJSON's reader checks the grammar; the builder below cuts exact slices out of the text as
// the reader passes over it. Four things that RFC 8259 or our rules ask for are done here,
// because the reader does not: numbers beyond a double's range are legal, a lone low surrogate
// and control characters in a string are not, and what follows a NUL byte counts.

namespace ocpi::json {
namespace {

/// In place: the reader resolves escapes where they stand and copies nothing. Strings are scanned
/// and not judged.
constexpr unsigned plain_flags =
    rapidjson::kParseNumbersAsStringsFlag | rapidjson::kParseInsituFlag;
/// Character by character: slower, and needed by few.
constexpr unsigned careful_flags = plain_flags | rapidjson::kParseValidateEncodingFlag;

/// True for ASCII without the control characters from 0x1a to 0x1f, which the reader's scan by
/// sixteen lets pass. False for some other texts, too.
bool is_plain(std::string_view text) noexcept
{
    constexpr std::uint64_t ones = 0x0101010101010101U;
    std::uint64_t objections = 0;
    const auto judge = [&objections](std::uint64_t eight) {
        // Zero in each byte from 0x18 to 0x1f; what follows finds a byte that is zero.
        const auto controls = (eight ^ ones * 0x18U) & ones * 0xf8U;
        objections |= eight | ((controls - ones) & ~controls);
    };
    auto eight = ones * ' ';
    for (; text.size() >= sizeof eight; text.remove_prefix(sizeof eight)) {
        std::memcpy(&eight, text.data(), sizeof eight);
        judge(eight);
    }
    std::memcpy(&eight, text.data(), text.size());
    judge(eight);
    return (objections & ones * 0x80U) == 0;
}

bool is_white_space(char c) noexcept
{
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
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

/// Past the closing quote of the string that begins there and has escapes.
std::size_t end_of_escaped_string(std::string_view text, std::size_t begin) noexcept
{
    auto at = begin + 1;
    while (text[at] != '"') at += text[at] == '\\' ? 2U : 1U;
    return at + 1;
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

/// A name that stands twice among these, which it may sort.
std::optional<std::string_view> find_twice(std::vector<std::string_view>& names)
{
    // Each with each takes less than sorting while they are few, as they nearly always are.
    constexpr std::size_t few = 16;
    if (names.size() <= few) {
        for (auto name = names.begin(); name != names.end(); ++name) {
            if (std::find(names.begin(), name, *name) != name) return *name;
        }
        return {};
    }
    std::sort(names.begin(), names.end());
    const auto twice = std::adjacent_find(names.begin(), names.end());
    if (twice == names.end()) return {};
    return *twice;
}

/// Takes down what the reader finds. The document's text is the source without white space between
/// tokens: it is copied by the run, and most texts are one.
class builder {
public:
    builder(std::string_view source, std::size_t deepest_allowed)
        : source_(source),
          may_have_escapes_(source.find('\\') != std::string_view::npos),
          deepest_allowed_(deepest_allowed),
          built_(std::make_unique<detail::storage>())
    {
        built_->text.reserve(source.size());
        built_->nodes.reserve(source.size() / 16 + 1);
    }

    std::unique_ptr<detail::storage> take()
    {
        copy_run();
        return std::move(built_);
    }
    /// Why a callback stopped the reader.
    const std::string& objection() const noexcept { return objection_; }

    // Callbacks of the reader.
    bool Null() { return add_scalar(kind::null, 4); }
    bool Bool(bool truth) { return add_scalar(kind::boolean, truth ? 4 : 5); }
    bool RawNumber(const char*, rapidjson::SizeType, bool)
    {
        go_to_token();
        const auto length = end_of_number(source_, at_) - at_;
        if (length > max_number_length) {
            built_->long_numbers.push_back(static_cast<std::uint32_t>(built_->nodes.size()));
        }
        return add_scalar(kind::number, length);
    }
    bool String(const char* characters, rapidjson::SizeType length, bool)
    {
        go_to_token();
        if (!has_escapes(length)) return add_scalar(kind::string, length + 2);
        add_scalar(kind::string, end_of_escaped_string(source_, at_) - at_);
        auto& node = built_->nodes.back();
        node.text_is_decoded = true;
        node.decoded_begin = position(built_->decoded);
        built_->decoded.append(characters, length);
        node.decoded_end = position(built_->decoded);
        return check_surrogates({characters, length});
    }
    bool Key(const char* characters, rapidjson::SizeType length, bool)
    {
        go_to_token();
        begin_item();
        after_name_ = true;
        name_is_decoded_ = has_escapes(length);
        if (!name_is_decoded_) {
            name_begin_ = here() + 1;
            name_end_ = name_begin_ + length;
            at_ += length + 2;
            return true;
        }
        name_begin_ = position(built_->decoded);
        built_->decoded.append(characters, length);
        name_end_ = position(built_->decoded);
        at_ = end_of_escaped_string(source_, at_);
        return check_surrogates({characters, length});
    }
    bool StartObject() { return open(kind::object); }
    bool EndObject(rapidjson::SizeType) { return names_are_unique() && close(); }
    bool StartArray() { return open(kind::array); }
    bool EndArray(rapidjson::SizeType) { return close(); }

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

    /// Where in the document's text stands what is at at_.
    std::uint32_t here() const noexcept
    {
        return static_cast<std::uint32_t>(built_->text.size() + at_ - run_begin_);
    }

    /// Of the string at at_ that has so many characters: an escape stands for at least one, so the
    /// first backslash is among as many.
    bool has_escapes(std::size_t length) const noexcept
    {
        return may_have_escapes_ &&
               source_.substr(at_ + 1, length).find('\\') != std::string_view::npos;
    }

    void copy_run()
    {
        built_->text.append(source_.substr(run_begin_, at_ - run_begin_));
        run_begin_ = at_;
    }

    /// On to the token that the reader has found: past separators, which belong to the text, and
    /// white space, which does not.
    void go_to_token()
    {
        for (;; ++at_) {
            if (is_white_space(source_[at_])) {
                copy_run();
                while (is_white_space(source_[at_])) ++at_;
                run_begin_ = at_;
            }
            if (source_[at_] != ',' && source_[at_] != ':') return;
        }
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

    /// Counts a value or name into its container.
    void begin_item()
    {
        if (!open_.empty()) ++built_->nodes[open_.back()].size;
    }

    detail::node& add_node(kind of)
    {
        if (!after_name_) begin_item();
        auto& node = built_->nodes.emplace_back();
        node.kind = of;
        node.begin = here();
        if (after_name_) {
            node.name_begin = name_begin_;
            node.name_end = name_end_;
            node.name_is_decoded = name_is_decoded_;
        }
        after_name_ = false;
        return node;
    }

    bool add_scalar(kind of, std::size_t length)
    {
        go_to_token();
        auto& node = add_node(of);
        at_ += length;
        node.end = here();
        node.next = static_cast<std::uint32_t>(built_->nodes.size());
        return true;
    }

    bool open(kind of)
    {
        if (open_.size() == deepest_allowed_) {
            return refuse("it is nested deeper than " + std::to_string(deepest_allowed_) +
                          " levels");
        }
        go_to_token();
        add_node(of);
        ++at_;
        open_.push_back(static_cast<std::uint32_t>(built_->nodes.size() - 1));
        return true;
    }

    bool close()
    {
        go_to_token();
        ++at_;
        auto& node = built_->nodes[open_.back()];
        node.end = here();
        node.next = static_cast<std::uint32_t>(built_->nodes.size());
        open_.pop_back();
        return true;
    }

    bool names_are_unique()
    {
        copy_run();
        // The container is not closed yet, so its end is where the nodes end.
        names_.clear();
        for (auto index = open_.back() + 1; index < built_->nodes.size();
             index = built_->nodes[index].next) {
            names_.push_back(value(built_.get(), index).name());
        }
        const auto twice = find_twice(names_);
        if (!twice) return true;
        return refuse("the member \"" + std::string(twice->substr(0, 64)) + "\" appears twice");
    }

    std::string_view source_;
    bool may_have_escapes_;
    std::size_t deepest_allowed_;
    std::unique_ptr<detail::storage> built_;
    std::vector<std::uint32_t> open_;
    std::vector<std::string_view> names_;
    std::string objection_;
    std::size_t at_ = 0;         ///< in the source: what comes before it is taken down
    std::size_t run_begin_ = 0;  ///< from here to at_ nothing is copied yet, nor left out
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
reading read(std::string grammar, std::string_view source, std::size_t deepest_allowed)
{
    const bool can_be_scanned = is_plain(grammar);
    // The reader looks at sixteen characters at once, the last ones included.
    grammar.reserve(grammar.size() + 16);
    rapidjson::InsituStringStream stream(grammar.data());
    builder built(source, deepest_allowed);
    rapidjson::Reader reader;
    if (can_be_scanned) {
        reader.Parse<plain_flags>(stream, built);
    } else {
        reader.Parse<careful_flags>(stream, built);
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
    auto outcome = read(std::string(text), text, deepest_allowed);
    if (outcome.code == rapidjson::kParseErrorNumberTooBig) {
        outcome = read(shield_numbers(text), text, deepest_allowed);
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
