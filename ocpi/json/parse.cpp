#include "ocpi/base/decimal.hpp"
#include "ocpi/json/byte_order_mark.hpp"
#include "ocpi/json/document.hpp"
#include "ocpi/json/document_builder.hpp"

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
#include <string>
#include <string_view>

// RapidJSON's reader checks the grammar; document_builder cuts exact slices out of the text as
// the reader passes over it. Four things that RFC 8259 or our rules ask for are done here
// and there, because the reader does not: numbers beyond a double's range are legal, a lone low
// surrogate and control characters in a string are not, and what follows a NUL byte counts.

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
        } else if (detail::is_number_character(text[i])) {
            const auto end = detail::end_of_number(text, i);
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
    const bool can_be_scanned = is_plain(grammar);
    std::string text;
    // The reader looks at sixteen characters at once, the last ones included.
    text.reserve(grammar.size() + 16);
    text = grammar;
    rapidjson::InsituStringStream stream(text.data());
    detail::document_builder built(source, deepest_allowed);
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
    if (text.starts_with(byte_order_mark)) {
        return unreadable("it begins with a byte order mark (EF BB BF); send it without one");
    }
    auto outcome = read(text, text, deepest_allowed);
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
