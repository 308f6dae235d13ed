#include "ocpi/protocol/envelope.hpp"

#include "ocpi/json/writer.hpp"

namespace ocpi::protocol {

std::string write_envelope(status_code code, std::string_view message, std::string_view data,
                           date_time now)
{
    std::string text;
    text.reserve(data.size() + message.size() + 96);
    text += '{';
    if (!data.empty()) text.append("\"data\":").append(data) += ',';
    text.append("\"status_code\":").append(std::to_string(static_cast<int>(code)));
    if (!message.empty()) text.append(",\"status_message\":").append(json::quote(message));
    text.append(",\"timestamp\":\"").append(to_string(now)).append("\"}");
    return text;
}

}  // namespace ocpi::protocol
