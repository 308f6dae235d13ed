#include "modules/console/session_pages.hpp"

#include <doctest/doctest.h>

#include <string>

namespace session_pages_test {

using namespace ocpi;
using console::session_pages;

namespace {

std::optional<http::response> get(const session_pages& pages, const std::string& target,
                                  const std::string& name = {}, const std::string& value = {})
{
    http::request head;
    head.method = "GET";
    head.target = target;
    if (!name.empty()) head.headers.add(name, value);
    return pages.find(head);
}

std::string field(const std::optional<http::response>& of, std::string_view name)
{
    const auto* value = of ? of->headers.find(name) : nullptr;
    return value ? *value : "";
}

}  // namespace

TEST_CASE("modules/console/session_pages: one document is served at the address of each page")
{
    const session_pages pages("Example Roaming");
    for (const auto* target :
         {"/", "/sign-in", "/sessions", "/sessions/", "/sessions?state=live", "/sessions/abc-1"}) {
        const auto page = get(pages, target);
        REQUIRE(page.has_value());
        CHECK(page->status == 200);
        CHECK(field(page, "Content-Type") == "text/html; charset=utf-8");
        CHECK(page->body.find("Example Roaming") != std::string::npos);
        CHECK(page->body.find("ocpi-sessions") == std::string::npos);
    }
}

TEST_CASE("modules/console/session_pages: other paths and methods are left to the interfaces")
{
    const session_pages pages("name");
    for (const auto* target : {"/ocpi/versions", "/v1/sessions", "/sessions/a/b", "/index.html"}) {
        CHECK_FALSE(get(pages, target).has_value());
    }
    for (const auto* file :
         {"/assets/", "/assets/../app.js", "/assets/missing.js", "/assets/index.html",
          "/assets/README.md", "/assets/vendor/SHA256SUMS"}) {
        CHECK(get(pages, file)->status == 404);
    }
    http::request write;
    write.method = "PUT";
    write.target = "/sessions";
    CHECK_FALSE(pages.find(write).has_value());
    write.method = "HEAD";
    CHECK(pages.find(write).has_value());
}

TEST_CASE("modules/console/session_pages: a file is gzip-encoded if the client accepts it")
{
    const session_pages pages("name");
    const auto plain = get(pages, "/assets/app.js");
    CHECK(field(plain, "Content-Type") == "text/javascript; charset=utf-8");
    CHECK(field(plain, "Content-Encoding").empty());
    CHECK(plain->body.find("import") != std::string::npos);
    for (const auto* accepted : {"gzip", "br, gzip;q=0.8", "*"}) {
        const auto packed = get(pages, "/assets/app.js", "Accept-Encoding", accepted);
        CHECK(field(packed, "Content-Encoding") == "gzip");
        CHECK(packed->body.substr(0, 2) == "\x1f\x8b");
        CHECK(packed->body.size() < plain->body.size());
        CHECK(field(packed, "Vary") == "Accept-Encoding");
        CHECK(field(packed, "ETag") != field(plain, "ETag"));
    }
    for (const auto* refused : {"br", "gzip;q=0"}) {
        const auto answered = get(pages, "/assets/app.js", "Accept-Encoding", refused);
        CHECK(field(answered, "Content-Encoding").empty());
    }
}

TEST_CASE("modules/console/session_pages: what a browser has already is answered 304")
{
    const session_pages pages("name");
    for (const auto* target : {"/sessions", "/assets/base.css"}) {
        const auto etag = field(get(pages, target), "ETag");
        REQUIRE(etag.size() > 2);
        const auto again = get(pages, target, "If-None-Match", "\"other\", W/" + etag);
        CHECK(again->status == 304);
        CHECK(again->body.empty());
        CHECK(field(again, "ETag") == etag);
        CHECK(get(pages, target, "If-None-Match", "\"other\"")->status == 200);
    }
    CHECK(field(get(pages, "/"), "ETag") != field(get(session_pages("other"), "/"), "ETag"));
}

TEST_CASE("modules/console/session_pages: nothing but the server's own files may be loaded")
{
    const auto page = get(session_pages("<b>\"name\"</b>"), "/");
    CHECK(field(page, "Content-Security-Policy") ==
          "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'");
    CHECK(field(page, "X-Content-Type-Options") == "nosniff");
    CHECK(field(page, "Referrer-Policy") == "no-referrer");
    CHECK(page->body.find("<b>") == std::string::npos);
    CHECK(page->body.find("&lt;b&gt;&quot;name&quot;") != std::string::npos);
}

}  // namespace session_pages_test
