#include "auth/authorization.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace authorization_test {

using namespace ocpi;
using texts = std::vector<std::string>;

TEST_CASE("auth/authorization: what we send is the scheme and the Base64 of the token")
{
    CHECK(auth::write_authorization("example-token") == "Token ZXhhbXBsZS10b2tlbg==");
    CHECK(auth::presented_tokens(auth::write_authorization("a")).front() == "a");
    const std::string longest(64, '~');
    CHECK(auth::presented_tokens(auth::write_authorization(longest)).front() == longest);
}

TEST_CASE("auth/authorization: a header may hold the Base64, also of a line, or the token itself")
{
    CHECK(auth::presented_tokens("Token ZXhhbXBsZS10b2tlbgo=") ==
          texts{"example-token", "ZXhhbXBsZS10b2tlbgo="});
    CHECK(auth::presented_tokens("Token ZXhhbXBsZS10b2tlbgo") ==
          texts{"example-token", "ZXhhbXBsZS10b2tlbgo"});
    CHECK(auth::presented_tokens("token  your-token ") == texts{"your-token"});
    CHECK(auth::presented_tokens("Bearer x").empty());
    CHECK(auth::presented_tokens("Token ").empty());
    CHECK(auth::presented_tokens("").empty());
}

}  // namespace authorization_test
