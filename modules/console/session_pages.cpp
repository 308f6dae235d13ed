#include "modules/console/session_pages.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <utility>

namespace ocpi::console {
namespace {

/// In web/index.html.
constexpr std::string_view default_name = "ocpi-sessions";
constexpr std::string_view asset_folder = "/assets/";

std::string_view content_type_of(std::string_view path)
{
    constexpr std::array<std::pair<std::string_view, std::string_view>, 5> types{{
        {".html", "text/html; charset=utf-8"},
        {".js", "text/javascript; charset=utf-8"},
        {".css", "text/css; charset=utf-8"},
        {".svg", "image/svg+xml"},
        {".LICENSE", "text/plain; charset=utf-8"},
    }};
    for (const auto& [ending, type] : types) {
        if (path.ends_with(ending)) return type;
    }
    return "application/octet-stream";
}

const embedded_file* find_file(std::string_view path)
{
    const auto& files = embedded_files();
    const auto found = std::find_if(files.begin(), files.end(),
                                    [&](const embedded_file& each) { return each.path == path; });
    return found == files.end() ? nullptr : &*found;
}

std::string_view path_of(std::string_view target)
{
    return target.substr(0, target.find('?'));
}

/// Whether the page at that path is made by the document; a slash at the end changes nothing.
bool is_document(std::string_view path)
{
    if (path == "/") return true;
    if (path.ends_with('/')) path.remove_suffix(1);
    if (path == "/sign-in" || path == "/sessions") return true;
    constexpr std::string_view sessions = "/sessions/";
    return path.starts_with(sessions) && path.size() > sessions.size() &&
           path.find('/', sessions.size()) == path.npos;
}

std::string escape_html(std::string_view text)
{
    std::string escaped;
    for (const char c : text) {
        switch (c) {
            case '&': escaped += "&amp;"; break;
            case '<': escaped += "&lt;"; break;
            case '>': escaped += "&gt;"; break;
            case '"': escaped += "&quot;"; break;
            default: escaped += c;
        }
    }
    return escaped;
}

std::string replace_all(std::string_view text, std::string_view from, std::string_view to)
{
    std::string replaced;
    for (;;) {
        const auto found = text.find(from);
        replaced += text.substr(0, found);
        if (found == text.npos) return replaced;
        replaced += to;
        text.remove_prefix(found + from.size());
    }
}

/// The elements of a field value that is a list, without weights and spaces.
bool list_contains(const std::string* field, std::string_view wanted)
{
    if (!field) return false;
    std::string_view rest = *field;
    while (!rest.empty()) {
        const auto end = std::min(rest.find(','), rest.size());
        auto element = rest.substr(0, end);
        rest.remove_prefix(std::min(end + 1, rest.size()));
        const auto weight = element.find(';');
        const bool is_refused = weight != element.npos && element.substr(weight).ends_with("=0");
        element = element.substr(0, weight);
        while (!element.empty() && element.front() == ' ') element.remove_prefix(1);
        while (!element.empty() && element.back() == ' ') element.remove_suffix(1);
        if (element.starts_with("W/")) element.remove_prefix(2);
        if (element == wanted || element == "*") return !is_refused;
    }
    return false;
}

http::response make_response(std::string_view path, std::string etag, bool is_cached)
{
    http::response made;
    made.status = is_cached ? 304 : 200;
    made.headers.add("Content-Security-Policy",
                     "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'; "
                     "base-uri 'none'");
    made.headers.add("X-Content-Type-Options", "nosniff");
    made.headers.add("Referrer-Policy", "no-referrer");
    made.headers.add("Cache-Control", "no-cache");
    made.headers.add("ETag", std::move(etag));
    made.headers.add("Vary", "Accept-Encoding");
    if (!is_cached) made.headers.add("Content-Type", std::string(content_type_of(path)));
    return made;
}

http::response no_such_file()
{
    http::response missing;
    missing.status = 404;
    missing.headers.add("Content-Type", "text/plain; charset=utf-8");
    missing.body = "There is no such file.\n";
    return missing;
}

}  // namespace

session_pages::session_pages(std::string_view name)
{
    const auto* document = find_file("index.html");
    if (!document) return;
    document_ = replace_all(document->content, default_name, escape_html(name));
    document_hash_ = std::string(document->hash) + '-' +
                     std::to_string(std::hash<std::string_view>{}(name) % 1'000'000);
}

std::optional<http::response> session_pages::find(const http::request& head) const
{
    if (head.method != "GET" && head.method != "HEAD") return {};
    const auto path = path_of(head.target);
    const bool is_page = is_document(path);
    if (!is_page && !path.starts_with(asset_folder)) return {};
    const auto* file = is_page ? nullptr : find_file(path.substr(asset_folder.size()));
    if (!is_page && (!file || file->path == "index.html")) return no_such_file();

    const bool is_packed = !is_page && list_contains(head.headers.find("Accept-Encoding"), "gzip");
    auto etag =
        '"' + (is_page ? document_hash_ : std::string(file->hash)) + (is_packed ? "-gzip\"" : "\"");
    const bool is_cached = list_contains(head.headers.find("If-None-Match"), etag);
    auto answered = make_response(is_page ? "index.html" : file->path, std::move(etag), is_cached);
    if (is_packed && !is_cached) answered.headers.add("Content-Encoding", "gzip");
    if (is_cached) return answered;
    if (is_page) {
        answered.body = document_;
    } else {
        answered.body = std::string(is_packed ? file->packed : file->content);
    }
    return answered;
}

}  // namespace ocpi::console
