#include "app/session_check.hpp"

#include "modules/sessions/codec.hpp"
#include "ocpi/json/byte_order_mark.hpp"
#include "ocpi/json/document.hpp"

#include <string>

namespace ocpi::app {
namespace {

/// An envelope and a list are two levels around a Session.
constexpr std::size_t max_depth_around = json::max_depth + 2;

/// An OCPI envelope: no Session has such a member.
bool is_envelope(json::value root)
{
    return root.find("status_code").has_value();
}

void check_one(json::value session, const std::string& pointer, json::diagnostics& findings)
{
    // Read again by itself, because the depth that is allowed is counted from its own root.
    const auto alone = json::parse(session.text());
    if (alone.has_error()) {
        findings.add_problem(pointer, alone.error().text());
        return;
    }
    sessions::check_session(session, pointer, findings);
}

/// A Session or a list of them.
void check_content(json::value content, const std::string& pointer, json::diagnostics& findings)
{
    if (!content.is(json::kind::array)) {
        check_one(content, pointer, findings);
        return;
    }
    std::size_t index = 0;
    for (const auto element : content) {
        check_one(element, json::append_pointer(pointer, index++), findings);
    }
}

}  // namespace

result<json::diagnostics> check_sessions(std::string_view text)
{
    text = json::without_byte_order_mark(text);
    const auto document = json::parse(text, max_depth_around);
    if (document.has_error()) return document.error();
    json::diagnostics findings;
    json::check_numbers(*document, findings);
    const auto root = document->root();
    if (!is_envelope(root)) {
        check_content(root, "", findings);
    } else if (const auto data = root.find("data"); data && !data->is(json::kind::null)) {
        check_content(*data, "/data", findings);
    } else {
        findings.add_problem("/data", "is missing: a Session or a list of them is required");
    }
    return findings;
}

}  // namespace ocpi::app
