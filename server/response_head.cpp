#include "server/response_head.hpp"

#include "ocpi/base/ci_string.hpp"

#include <ostream>  // which Beast's status.hpp forgets

#include <boost/beast/http/status.hpp>

#include <algorithm>
#include <iterator>

namespace ocpi::server {

namespace {

bool is_set_by_server(std::string_view name)
{
    constexpr std::string_view ours[] = {"Content-Length", "Connection", "Date", "Server",
                                         "Transfer-Encoding"};
    return std::any_of(std::begin(ours), std::end(ours), [name](std::string_view candidate) {
        return candidate.size() == name.size() && equal_ignoring_case(candidate, name);
    });
}

void append_field_text(std::string& head, std::string_view text)
{
    const auto from = head.size();
    head += text;
    const auto is_control = [](char c) {
        return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7F;
    };
    std::replace_if(head.begin() + static_cast<std::ptrdiff_t>(from), head.end(), is_control, ' ');
}

}  // namespace

bool may_have_body(int status) noexcept
{
    return status >= 200 && status != 204 && status != 304;
}

std::string make_response_head(const http::response& answer, persistence connection,
                               std::string_view date, body_framing framing)
{
    const auto reason = boost::beast::http::obsolete_reason(
        boost::beast::http::int_to_status(static_cast<unsigned>(answer.status)));
    std::string head;
    head.reserve(512);
    head += "HTTP/1.1 ";
    head += std::to_string(answer.status);
    head += ' ';
    head.append(reason.data(), reason.size());
    head += "\r\nServer: ocpi-sessions\r\nDate: ";
    head += date;
    head += "\r\n";
    for (const auto& field : answer.headers) {
        if (is_set_by_server(field.name)) continue;
        append_field_text(head, field.name);
        head += ": ";
        append_field_text(head, field.value);
        head += "\r\n";
    }
    if (may_have_body(answer.status) && framing == body_framing::chunked) {
        head += "Transfer-Encoding: chunked\r\n";
    } else if (may_have_body(answer.status) && framing == body_framing::length) {
        head += "Content-Length: ";
        head += std::to_string(answer.body.size());
        head += "\r\n";
    }
    if (connection == persistence::close) head += "Connection: close\r\n";
    if (connection == persistence::keep_for_http_1_0) head += "Connection: keep-alive\r\n";
    head += "\r\n";
    return head;
}

}  // namespace ocpi::server
