#include "ocpi/base/sha256.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

namespace sha256_test {

using ocpi::sha256;

TEST_CASE("ocpi/base/sha256: has the digests of FIPS 180")
{
    CHECK(sha256().finish() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    sha256 abc;
    abc.add("abc");
    CHECK(abc.finish() == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST_CASE("ocpi/base/sha256: does not depend on how the text is cut")
{
    const std::string text(1'000'000, 'a');
    sha256 whole;
    whole.add(text);
    sha256 parts;
    for (std::size_t at = 0; at < text.size(); at += 999) {
        parts.add(std::string_view(text).substr(at, 999));
    }
    CHECK(whole.finish() == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
    CHECK(parts.finish() == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

}  // namespace sha256_test
