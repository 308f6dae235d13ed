#include "partners/token_form.hpp"

#include <doctest/doctest.h>

#include <string>

namespace token_form_test {

using namespace ocpi::partners;
using namespace std::chrono_literals;

TEST_CASE("partners/token_form: the forms have names")
{
    for (const auto form : {token_form::base64, token_form::raw}) {
        CHECK(parse_token_form(to_string(form)) == form);
        CHECK(other_form(other_form(form)) == form);
        CHECK(other_form(form) != form);
    }
    CHECK_FALSE(parse_token_form("").has_value());
}

TEST_CASE("partners/token_form: what was learned of one platform says nothing of another")
{
    token_form_memory memory;
    CHECK_FALSE(memory.find("bec").has_value());
    memory.learn("bec", token_form::raw);
    CHECK(memory.find("bec") == token_form::raw);
    CHECK_FALSE(memory.find("tnm").has_value());
    memory.learn("bec", token_form::base64);
    CHECK(memory.find("bec") == token_form::base64);
}

TEST_CASE("partners/token_form: a token is tried in its other form once an hour")
{
    token_form_memory memory;
    const token_form_memory::clock::time_point begin{};
    CHECK(memory.take_trial("a", begin));
    CHECK_FALSE(memory.take_trial("a", begin));
    CHECK(memory.take_trial("b", begin));
    CHECK_FALSE(memory.take_trial("a", begin + 59min));
    CHECK(memory.take_trial("a", begin + 60min));
    CHECK_FALSE(memory.take_trial("a", begin + 61min));
}

TEST_CASE("partners/token_form: the memory is bounded")
{
    token_form_memory memory;
    const token_form_memory::clock::time_point begin{};
    CHECK(memory.take_trial("first", begin));
    for (std::size_t i = 0; i < token_form_memory::max_remembered; ++i) {
        CHECK(memory.take_trial(std::to_string(i), begin));
        memory.learn(std::to_string(i), token_form::raw);
    }
    memory.learn("one more", token_form::raw);
    CHECK(memory.take_trial("first", begin));
    CHECK_FALSE(memory.find("0").has_value());
    CHECK(memory.find("one more") == token_form::raw);
}

}  // namespace token_form_test
