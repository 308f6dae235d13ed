#include "modules/exchange/push_message.hpp"

#include "modules/exchange/session_diff.hpp"

#include <string_view>

namespace ocpi::exchange {
namespace {

bool is_completed(const json::document& session)
{
    const auto status = session.root().find("status");
    return status && status->string() == "COMPLETED";
}

}  // namespace

push_message choose_message(const json::document* base, const json::document& now, bool closing_put)
{
    push_message message;
    if (!base) return message;
    const bool is_closed = closing_put && is_completed(now);
    if (is_closed && is_completed(*base)) return message;
    message.patch = write_patch(*base, now);
    message.put_follows = is_closed && message.patch;
    return message;
}

}  // namespace ocpi::exchange
