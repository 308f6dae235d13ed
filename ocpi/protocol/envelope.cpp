#include "ocpi/protocol/envelope.hpp"

#include "ocpi/json/writer.hpp"

#include <utility>

namespace ocpi::protocol {

std::string write_envelope(status_code code, std::string_view message, std::string data,
                           date_time now)
{
    auto text = std::move(data);
    const bool has_data = !text.empty();
    text.reserve(text.size() + message.size() + envelope_bytes);
    text.insert(0, has_data ? "{\"data\":" : "{");
    if (has_data) text += ',';
    text.append("\"status_code\":").append(std::to_string(static_cast<int>(code)));
    if (!message.empty()) text.append(",\"status_message\":").append(json::quote(message));
    text.append(",\"timestamp\":\"").append(to_string(now)).append("\"}");
    return text;
}

}  // namespace ocpi::protocol
