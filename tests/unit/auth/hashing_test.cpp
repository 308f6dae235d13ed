#include "auth/hashing.hpp"

#include <doctest/doctest.h>

#include <set>
#include <string>

namespace hashing_test {

using namespace ocpi;

TEST_CASE("auth/hashing: a hash is SHA-256 in hexadecimal digits")
{
    CHECK(auth::hash_token("abc") ==
          "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    CHECK(auth::hash_token("") ==
          "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST_CASE("auth/hashing: texts are compared whole")
{
    CHECK(auth::equal_in_constant_time("", ""));
    CHECK(auth::equal_in_constant_time("abc", "abc"));
    CHECK_FALSE(auth::equal_in_constant_time("abc", "abd"));
    CHECK_FALSE(auth::equal_in_constant_time("abc", "ab"));
    CHECK_FALSE(auth::equal_in_constant_time("abc", "ABC"));
}

TEST_CASE("auth/hashing: a made token is 64 characters that fit anywhere, and never the same")
{
    std::set<std::string> made;
    for (int i = 0; i < 100; ++i) {
        const auto token = auth::make_token();
        CHECK(token.size() == 64);
        CHECK(token.find_first_not_of("0123456789abcdef") == std::string::npos);
        CHECK(made.insert(token).second);
    }
}

TEST_CASE("auth/hashing: Base64 is read without its padding too")
{
    CHECK(auth::decode_base64("ZXhhbXBsZS10b2tlbg") == "example-token");
    CHECK(auth::decode_base64("ZXhhbXBsZS10b2tlbgo") == "example-token\n");
    CHECK(auth::decode_base64("YQ") == "a");
    CHECK(auth::decode_base64("YWI") == "ab");
}

TEST_CASE("auth/hashing: Base64 is read with its padding")
{
    CHECK(auth::decode_base64("ZXhhbXBsZS10b2tlbg==") == "example-token");
    CHECK(auth::decode_base64("ZXhhbXBsZS10b2tlbgo=") == "example-token\n");
    CHECK(auth::decode_base64("+/+/") == "\xfb\xff\xbf");
    CHECK(auth::decode_base64("AAAA") == std::string(3, '\0'));
}

TEST_CASE("auth/hashing: what is not Base64 is nothing")
{
    for (const char* text : {"", "A", "AB=", "=", "==", "A=", "=AAA", "A===", "====", "AA=A",
                             "AAA=AAAA", "AA A", "AAA\n", "AA-_", "AAAAA", "\xff\xff\xff\xff"}) {
        CAPTURE(text);
        CHECK_FALSE(auth::decode_base64(text));
    }
}

}  // namespace hashing_test
