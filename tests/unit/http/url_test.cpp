#include "http/url.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace url_test {

using namespace ocpi;
using http::append_query;
using http::append_segments;
using http::parse_url;
using http::query_field;
using http::resolve_reference;
using http::without_trailing_slashes;

TEST_CASE("http/url: an absolute URL is taken apart")
{
    const auto url = parse_url("HTTPS://CPO.Example.com:8443/ocpi/a%2Fb?limit=10&x=%20#part");
    REQUIRE(url.has_value());
    CHECK(url->scheme == "https");
    CHECK(url->is_https());
    CHECK(url->host == "cpo.example.com");
    CHECK(url->port == 8443);
    CHECK(url->target == "/ocpi/a%2Fb?limit=10&x=%20");
    CHECK(url->authority() == "cpo.example.com:8443");
    CHECK(url->origin() == "https://cpo.example.com:8443");
}

TEST_CASE("http/url: port and path have defaults, and a default port is not named")
{
    CHECK(parse_url("http://a.b")->port == 80);
    CHECK(parse_url("https://a.b")->port == 443);
    CHECK(parse_url("https://a.b:/")->port == 443);
    CHECK(parse_url("https://a.b:443/c")->authority() == "a.b");
    CHECK(parse_url("http://a.b:443/c")->authority() == "a.b:443");
    CHECK(parse_url("http://a.b")->target == "/");
    CHECK(parse_url("http://a.b?c")->target == "/?c");
    CHECK(parse_url("http://a.b/?")->target == "/?");
}

TEST_CASE("http/url: a host may be an address; an IPv6 address has its brackets in the Host field")
{
    CHECK(parse_url("http://10.0.0.1/")->host == "10.0.0.1");
    const auto ipv6 = parse_url("http://[2001:DB8::1]:8000/");
    REQUIRE(ipv6.has_value());
    CHECK(ipv6->host == "2001:db8::1");
    CHECK(ipv6->authority() == "[2001:db8::1]:8000");
    CHECK(parse_url("http://[::ffff:10.0.0.1]/")->host == "::ffff:10.0.0.1");
}

TEST_CASE("http/url: odd spellings of addresses are names")
{
    for (const std::string host : {"2130706433", "0x7f.1", "127.1", "0177.0.0.1", "a_b.example"}) {
        CAPTURE(host);
        CHECK(parse_url("http://" + host + "/")->host == host);
    }
}

TEST_CASE("http/url: what is not an absolute http or https URL is refused")
{
    for (const std::string text : {"",
                                   "/a",
                                   "a.b/c",
                                   "//a.b/c",
                                   "ftp://a.b/",
                                   "file:///etc/passwd",
                                   "https:a.b",
                                   "http://",
                                   "https:///a",
                                   "http://:80/",
                                   "http://a b/",
                                   "http://a.b/ c",
                                   "http://a.b/\r\nX: y",
                                   "http://a.b:0/",
                                   "http://a.b:99999/",
                                   "http://a.b:65536/",
                                   "http://a.b:x/",
                                   "http://a.b:80x",
                                   "http://[::1]x/",
                                   "http://a.b/%zz",
                                   "http://%31%32%37.0.0.1/",
                                   "http://a%00.b/",
                                   "http://a!b/",
                                   "http://[::1%25lo]/",
                                   "http://[v1.a]/",
                                   "http://[::1/",
                                   "http://\xc3\xa9.example/"}) {
        CAPTURE(text);
        const auto url = parse_url(text);
        REQUIRE(url.has_error());
        CHECK(url.error().code() == errc::invalid);
    }
    CHECK(parse_url("http://" + std::string(254, 'a') + "/").has_error());
}

TEST_CASE("http/url: a user or a password is refused and not repeated")
{
    for (const std::string text : {"https://secret@a.b/", "https://me:secret@a.b/", "https://@a.b/",
                                   "https://a.b:secret@c.d/", "https://secret%40a.b@c.d/"}) {
        CAPTURE(text);
        const auto url = parse_url(text);
        REQUIRE(url.has_error());
        CHECK(url.error().text() == "the URL must not contain a user or a password");
    }
}

TEST_CASE("http/url: a reference is resolved against the URL that it was found at")
{
    const auto base = parse_url("https://a.b:8443/ocpi/versions?x=1");
    const auto at_base = [&base](const char* reference) {
        const auto url = resolve_reference(*base, reference);
        return url ? url->origin() + url->target : url.error().text();
    };
    CHECK(at_base("/c?d") == "https://a.b:8443/c?d");
    CHECK(at_base("c") == "https://a.b:8443/ocpi/c");
    CHECK(at_base("../c/./d") == "https://a.b:8443/c/d");
    CHECK(at_base("?y") == "https://a.b:8443/ocpi/versions?y");
    CHECK(at_base("//c.d/e") == "https://c.d/e");
    CHECK(at_base("http://c.d/e") == "http://c.d/e");
    CHECK(resolve_reference(*base, "ftp://c.d/").has_error());
    CHECK(resolve_reference(*base, "//me@c.d/").has_error());
    CHECK(resolve_reference(*base, " /c").has_error());
}

TEST_CASE("http/url: segments are appended to the path by one slash each, percent-encoded")
{
    CHECK(append_segments("https://a/b", {"x"}) == "https://a/b/x");
    CHECK(append_segments("https://a/b///", {"x", "y"}) == "https://a/b/x/y");
    CHECK(append_segments("https://a", {"a/b c?", "\xc3\xb1~-._"}) ==
          "https://a/a%2Fb%20c%3F/%C3%B1~-._");
}

TEST_CASE("http/url: appending segments keeps the query and drops a fragment")
{
    CHECK(append_segments("https://a/b?key=1/2", {"x"}) == "https://a/b/x?key=1/2");
    CHECK(append_segments("https://a/b/?key=1#top", {"x"}) == "https://a/b/x?key=1");
    CHECK(append_segments("https://a?key", {"x"}) == "https://a/x?key");
    CHECK(append_segments("https://a/b#top?", {}) == "https://a/b");
}

TEST_CASE("http/url: parameters are appended to the query, which is kept")
{
    const std::vector<query_field> fields{{"date_from", "2024-06-01T00:00:00Z"}, {"limit", "5"}};
    const std::string query = "date_from=2024-06-01T00:00:00Z&limit=5";
    CHECK(append_query("https://a/b", fields) == "https://a/b?" + query);
    CHECK(append_query("https://a/b/", fields) == "https://a/b/?" + query);
    CHECK(append_query("https://a/b?key=1?", fields) == "https://a/b?key=1?&" + query);
    CHECK(append_query("https://a/b?", fields) == "https://a/b?" + query);
    CHECK(append_query("https://a/b?key=1&", fields) == "https://a/b?key=1&" + query);
    CHECK(append_query("https://a/b?key=1#top?", fields) == "https://a/b?key=1&" + query);
    CHECK(append_query("https://a/b#top", {}) == "https://a/b");
}

TEST_CASE("http/url: what would end a parameter is percent-encoded within it")
{
    CHECK(append_query("https://a", {{"a b", "1&2=3+4#5%"}}) ==
          "https://a?a%20b=1%262%3D3%2B4%235%25");
}

TEST_CASE("http/url: slashes at the end of a URL make no other endpoint")
{
    CHECK(without_trailing_slashes("https://a/b//") == "https://a/b");
    CHECK(without_trailing_slashes("https://a/b") == "https://a/b");
    CHECK(without_trailing_slashes("").empty());
}

}  // namespace url_test
