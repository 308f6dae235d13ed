#include "tests/support/ocpi_client.hpp"

#include <stdexcept>

namespace ocpi::test {

std::optional<wire_response> ocpi_client::request(std::string_view method, std::string_view target,
                                                  std::string_view body)
{
    std::string text(method);
    text.append(" ").append(target).append(" HTTP/1.1\r\nHost: test\r\nAuthorization: Token ");
    text.append(token_).append("\r\n");
    if (!body.empty()) {
        text.append("Content-Type: application/json\r\nContent-Length: ");
        text.append(std::to_string(body.size())).append("\r\n");
    }
    text.append("\r\n").append(body);
    try {
        if (!socket_.send(text)) return {};
        return socket_.read_response(method == "HEAD");
    } catch (const std::runtime_error&) {
        return {};  // cut off in the middle of an answer
    }
}

bool is_acknowledged(const std::optional<wire_response>& answer)
{
    return answer && answer->status / 100 == 2 &&
           answer->body.find("\"status_code\":1000") != std::string::npos;
}

}  // namespace ocpi::test
