#include "http/answer.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace answer_test {

using namespace ocpi;

TEST_CASE("http/answer: a refusal of the method names those that are offered")
{
    const auto refused = http::method_not_allowed("GET, HEAD");
    CHECK(refused.failure->code() == errc::method_not_allowed);
    CHECK(*refused.headers.find("Allow") == "GET, HEAD");
}

TEST_CASE("http/answer: of many tolerated things the first twenty are named, the others counted")
{
    http::answer answered;
    http::name_tolerated(answered, {});
    CHECK(answered.message.empty());
    http::name_tolerated(answered, {"a", "b"});
    CHECK(answered.message == "tolerated: a; b");
    http::answer other;
    http::name_tolerated(other, std::vector<std::string>(22, "x"));
    CHECK(other.message.ends_with("x; and 2 more"));
}

}  // namespace answer_test
