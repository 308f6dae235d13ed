#include "ocpi/json/document.hpp"
#include "ocpi/json/writer.hpp"
#include "tests/fuzz/expect.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace {

using namespace ocpi;
using fuzz::expect;

/// Walks everything there is, through every way of access.
void walk(json::value value)
{
    expect(!value.text().empty(), "every value has a text");
    if (value.is(json::kind::string)) {
        const auto again = json::parse(json::quote(value.string()));
        expect(again.has_value(), "a string can be quoted again");
        expect(again->root().string() == value.string(), "quoting keeps the characters");
    }
    std::size_t count = 0;
    for (auto child : value) {
        if (value.is(json::kind::object)) {
            const auto found = value.find(child.name());
            expect(found && found->offset() == child.offset(), "a member is found by its name");
            const auto name = json::parse(child.name_text());
            expect(name.has_value() && name->root().string() == child.name(),
                   "name_text is the name as JSON");
        }
        walk(child);
        ++count;
    }
    expect(count == value.size(), "size counts the children");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto parsed = json::parse(text);
    if (parsed.has_error()) {
        expect(parsed.error().code() == errc::unreadable, "bad JSON is errc::unreadable");
        return 0;
    }
    const auto again = json::parse(parsed->text());
    expect(again.has_value(), "the compact text is JSON");
    expect(again->text() == parsed->text(), "the compact text is compact");
    expect(json::same(parsed->root(), again->root(), json::number_equality::spelling),
           "the compact text says the same");
    expect(json::same(parsed->root(), parsed->root(), json::number_equality::amount),
           "a value is the same as itself");
    walk(parsed->root());
    (void)parsed->pointers_to_long_numbers();
    return 0;
}
