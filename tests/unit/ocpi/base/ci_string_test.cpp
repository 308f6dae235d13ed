#include "ocpi/base/ci_string.hpp"

#include <doctest/doctest.h>

namespace ci_string_test {

using namespace ocpi;

TEST_CASE("ocpi/base/ci_string: texts that differ in the case of ASCII letters are equal")
{
    CHECK(ci_string("es-AbC*1") == ci_string("ES-aBc*1"));
    CHECK_FALSE(ci_string("ESA") == ci_string("ESB"));
    CHECK_FALSE(ci_string("ES") == ci_string("ESA"));
    CHECK(ci_string() == ci_string(""));
}

TEST_CASE("ocpi/base/ci_string: neighbours of the letters in ASCII are not letters")
{
    CHECK_FALSE(equal_ignoring_case("@", "`"));
    CHECK_FALSE(equal_ignoring_case("[", "{"));
    CHECK(equal_ignoring_case("azAZ", "AZaz"));
}

TEST_CASE("ocpi/base/ci_string: only ASCII letters fold, whatever the locale thinks of the rest")
{
    CHECK(fold_case("aé\xe4z09") == "Aé\xe4Z09");
    CHECK_FALSE(equal_ignoring_case("é", "É"));
}

TEST_CASE("ocpi/base/ci_string: the case it was given in is kept")
{
    const ci_string text("dE-eMp");
    CHECK(text.str() == "dE-eMp");
    CHECK(text.folded() == "DE-EMP");
    CHECK_FALSE(text.empty());
    CHECK(ci_string().empty());
}

TEST_CASE("ocpi/base/ci_string: printable ASCII is 0x20 to 0x7E")
{
    CHECK(is_printable_ascii(""));
    CHECK(is_printable_ascii(" ~"));
    for (const char* text : {"\x1f", "\x7f", "a\nb", "a\tb", "é", "\xff"}) {
        CAPTURE(text);
        CHECK_FALSE(is_printable_ascii(text));
    }
    CHECK_FALSE(is_printable_ascii(std::string_view("a\0", 2)));
}

}  // namespace ci_string_test
