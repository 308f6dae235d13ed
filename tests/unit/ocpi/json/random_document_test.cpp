// Random documents: what holds for the examples of document_test.cpp holds for any document.

#include "ocpi/json/document.hpp"
#include "ocpi/json/writer.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <random>
#include <string>
#include <vector>

namespace random_document_test {

using namespace ocpi;

namespace {

/// Makes JSON texts, each in three forms that say the same: compact, with white space, and with
/// members in another order.
class generator {
public:
    explicit generator(unsigned seed) : random_(seed) {}

    struct forms {
        std::string compact, spaced, shuffled;
    };

    forms make(int depth = 0)
    {
        const auto choice = pick(depth < 6 ? 7 : 5);
        if (choice < 5) {
            const auto text = scalar(choice);
            return {text, space() + text + space(), text};
        }
        return choice == 5 ? make_array(depth) : make_object(depth);
    }

private:
    unsigned pick(unsigned below) { return static_cast<unsigned>(random_() % below); }

    std::string space()
    {
        constexpr std::array<const char*, 5> kinds{"", " ", "\n\t", "\r\n", "  "};
        return kinds[pick(kinds.size())];
    }

    std::string digits()
    {
        std::string text(1 + pick(pick(4) == 0 ? 120 : 5), '1');
        for (char& c : text) c = static_cast<char>('0' + pick(10));
        return text;
    }

    std::string number()
    {
        std::string text = pick(3) == 0 ? "-" : "";
        text += pick(3) == 0 ? "0" : std::string(1, static_cast<char>('1' + pick(9))) + digits();
        if (pick(2) == 0) text += '.' + digits();
        if (pick(3) == 0) {
            text += pick(2) == 0 ? 'e' : 'E';
            constexpr std::array<const char*, 3> signs{"", "+", "-"};
            text += signs[pick(signs.size())] + digits();
        }
        return text;
    }

    std::string string_content()
    {
        constexpr std::array<const char*, 14> pieces{
            "a", "B", "é", "\U0001F600", "\\n", "\\\"", "\\\\", "\\/", "\\u0041", "\\ud83d\\ude00",
            ",", ":", "}", " "};
        std::string text;
        for (auto i = pick(pick(4) == 0 ? 60 : 6); i > 0; --i) text += pieces[pick(pieces.size())];
        return text;
    }

    std::string scalar(unsigned choice)
    {
        if (choice < 2) return number();
        if (choice < 4) return '"' + string_content() + '"';
        constexpr std::array<const char*, 3> words{"null", "true", "false"};
        return words[pick(words.size())];
    }

    forms make_array(int depth)
    {
        forms made{"[", "[", "["};
        for (auto i = pick(5); i > 0; --i) {
            const auto element = make(depth + 1);
            const char* comma = i > 1 ? "," : "";
            made.compact += element.compact + comma;
            made.spaced += element.spaced + comma;
            made.shuffled += element.shuffled + comma;
        }
        return {made.compact + ']', space() + made.spaced + space() + ']' + space(),
                made.shuffled + ']'};
    }

    forms make_object(int depth)
    {
        std::vector<forms> members;
        for (auto i = pick(5); i > 0; --i) {
            const auto name =
                '"' + std::to_string(i) + string_content() + '"';  // the number makes it unique
            const auto value = make(depth + 1);
            members.push_back({name + ':' + value.compact,
                               space() + name + space() + ':' + value.spaced,
                               name + ':' + value.shuffled});
        }
        auto other_order = members;
        std::shuffle(other_order.begin(), other_order.end(), random_);
        forms made{"{", "{", "{"};
        for (std::size_t i = 0; i < members.size(); ++i) {
            const char* comma = i + 1 < members.size() ? "," : "";
            made.compact += members[i].compact + comma;
            made.spaced += members[i].spaced + comma;
            made.shuffled += other_order[i].shuffled + comma;
        }
        return {made.compact + '}', space() + made.spaced + space() + '}' + space(),
                made.shuffled + '}'};
    }

    std::mt19937 random_;
};

/// Puts a document together again from its values.
std::string rebuild(json::value value)
{
    if (value.is(json::kind::array)) {
        json::array_writer array;
        for (auto element : value) array.raw(rebuild(element));
        return array.finish();
    }
    if (!value.is(json::kind::object)) return std::string(value.text());
    std::string text = "{";
    for (auto member : value) {
        if (text.size() > 1) text += ',';
        text += std::string(member.name_text()) + ':' + rebuild(member);
    }
    return text + '}';
}

}  // namespace

TEST_CASE(
    "ocpi/json/random_document: random documents come back to the letter, whatever the white space")
{
    const auto seed = std::random_device()();
    CAPTURE(seed);
    generator documents(seed);
    for (int i = 0; i < 2000; ++i) {
        const auto forms = documents.make();
        CAPTURE(forms.spaced);
        const auto parsed = json::parse(forms.spaced);
        REQUIRE(parsed.has_value());
        REQUIRE(parsed->text() == forms.compact);
        REQUIRE(json::parse(parsed->text())->text() == forms.compact);
        REQUIRE(rebuild(parsed->root()) == forms.compact);
    }
}

TEST_CASE(
    "ocpi/json/random_document: random documents are the same as themselves in any order of "
    "members")
{
    const auto seed = std::random_device()();
    CAPTURE(seed);
    generator documents(seed);
    for (int i = 0; i < 2000; ++i) {
        const auto forms = documents.make();
        CAPTURE(forms.compact);
        CAPTURE(forms.shuffled);
        const auto one = json::parse(forms.compact);
        const auto other = json::parse(forms.shuffled);
        REQUIRE(one.has_value());
        REQUIRE(other.has_value());
        for (const auto numbers :
             {json::number_equality::spelling, json::number_equality::amount}) {
            REQUIRE(json::same(one->root(), one->root(), numbers));
            REQUIRE(json::same(one->root(), other->root(), numbers));
            REQUIRE(json::same(other->root(), one->root(), numbers));
        }
    }
}

}  // namespace random_document_test
