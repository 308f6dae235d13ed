#include "ocpi/http/url.hpp"

#include <doctest/doctest.h>

using namespace ocpi;
using http::parse_url;
using http::resolve_reference;

namespace {

std::string resolved(const char* base, const char* reference)
{
    const auto to = resolve_reference(*parse_url(base), reference);
    return to.has_error() ? "error" : to->origin() + to->target;
}

}  // namespace

TEST_CASE("http/url: a URL is taken apart")
{
    const auto plain = parse_url("https://cpo.example.com/ocpi/versions?limit=10&x=%2F#part");
    REQUIRE(plain.has_value());
    CHECK(plain->scheme == "https");
    CHECK(plain->is_https());
    CHECK(plain->host == "cpo.example.com");
    CHECK(plain->port == 443);
    CHECK(plain->target == "/ocpi/versions?limit=10&x=%2F");
    CHECK(plain->authority() == "cpo.example.com");
    CHECK(plain->origin() == "https://cpo.example.com");

    const auto other = parse_url("HTTP://CPO.Example.com:8080?a=b");
    REQUIRE(other.has_value());
    CHECK(other->scheme == "http");
    CHECK(other->host == "cpo.example.com");
    CHECK(other->port == 8080);
    CHECK(other->target == "/?a=b");
    CHECK(other->authority() == "cpo.example.com:8080");
}

TEST_CASE("http/url: an IPv6 address loses its brackets as a host and has them as an authority")
{
    const auto v6 = parse_url("https://[2606:4700::1]:8443/");
    REQUIRE(v6.has_value());
    CHECK(v6->host == "2606:4700::1");
    CHECK(v6->authority() == "[2606:4700::1]:8443");
}

TEST_CASE("http/url: what is no http URL with a proper host is refused")
{
    for (const char* text :
         {"", "/ocpi", "cpo.example.com/ocpi", "ftp://cpo.example.com/", "file:///etc/passwd",
          "https:///ocpi", "https://", "https:cpo", "https://a b/", "https://a/\r\nX: y",
          "https://%6c%6fcalhost/", "https://a:0/", "https://a:70000/", "https://[v1.a]/",
          "https://[fe80::1%25eth0]/", "https://a,b/"}) {
        const auto parsed = parse_url(text);
        REQUIRE_MESSAGE(parsed.has_error(), text);
        CHECK(parsed.error().code() == errc::partner_failure);
    }
}

TEST_CASE("http/url: a user name is refused and not repeated in the error")
{
    for (const char* text : {"https://user:hunter2@cpo.example.com/", "https://hunter2@a/",
                             "https://:hunter2@a/", "https://@a/"}) {
        const auto parsed = parse_url(text);
        REQUIRE_MESSAGE(parsed.has_error(), text);
        CHECK(parsed.error().text().find("hunter2") == std::string::npos);
        CHECK(parsed.error().text().find("user name") != std::string::npos);
    }
}

TEST_CASE("http/url: references are resolved")
{
    const char* base = "https://a.example:444/b/c?d=e";
    CHECK(resolved(base, "/x?y=z") == "https://a.example:444/x?y=z");
    CHECK(resolved(base, "x") == "https://a.example:444/b/x");
    CHECK(resolved(base, "../x") == "https://a.example:444/x");
    CHECK(resolved(base, "?y") == "https://a.example:444/b/c?y");
    CHECK(resolved(base, "//other/x") == "https://other/x");
    CHECK(resolved(base, "http://other/x") == "http://other/x");
    CHECK(resolved(base, "ftp://other/x") == "error");
    CHECK(resolved(base, "https://u@other/x") == "error");
    CHECK(resolved(base, "/a b") == "error");
}

TEST_CASE("http/url: one origin is one scheme, one host and one port")
{
    const auto same = [](const char* one, const char* other) {
        return http::is_same_origin(*parse_url(one), *parse_url(other));
    };
    CHECK(same("https://a/x", "https://A:443/y"));
    CHECK(!same("https://a/", "http://a/"));
    CHECK(!same("https://a/", "https://a:444/"));
    CHECK(!same("https://a/", "https://b/"));
}
