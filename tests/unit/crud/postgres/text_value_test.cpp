#include "crud/postgres/text_value.hpp"

#include <doctest/doctest.h>

#include <string>

namespace text_value_test {

using namespace ocpi::crud::postgres;

TEST_CASE("crud/postgres/text_value: a text is UTF-8 without NUL")
{
    CHECK(is_text(""));
    CHECK(is_text("ES*ABC"));
    CHECK(is_text("\xC3\xA9\xE2\x82\xAC\xF0\x9F\x94\x8B"));
    CHECK_FALSE(is_text(std::string("a\0", 2)));
    CHECK_FALSE(is_text("\x80"));
    CHECK_FALSE(is_text("\xC3"));
    CHECK_FALSE(is_text("\xC3x"));
    CHECK_FALSE(is_text("\xC0\x80"));          // overlong
    CHECK_FALSE(is_text("\xE0\x9F\xBF"));      // overlong
    CHECK_FALSE(is_text("\xED\xA0\x80"));      // a surrogate
    CHECK_FALSE(is_text("\xF4\x90\x80\x80"));  // beyond Unicode
    CHECK(is_text("\xF4\x8F\xBF\xBF"));
}

TEST_CASE("crud/postgres/text_value: a bound that is no text moves to one beside it")
{
    CHECK(nearest_text("20") == "20");
    CHECK(nearest_text(std::string("20\0x", 4)) == "20");
    const auto beyond = nearest_text("20\xFF");
    CHECK(is_text(beyond));
    CHECK(beyond > "20\xC3\xA9");
}

}  // namespace text_value_test
