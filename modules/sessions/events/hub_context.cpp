#include "modules/sessions/events/hub_context.hpp"

#include <exception>
#include <string>
#include <utility>

namespace ocpi::sessions::events {

boost::asio::awaitable<std::optional<rendered_session>> render(
    std::shared_ptr<const hub_context> context, found_session state)
{
    const auto name = state.key.folded();
    std::string why;
    try {
        auto rendered = co_await context->source->render(std::move(state));
        if (rendered.has_value()) co_return std::move(*rendered);
        why = rendered.error().text();
    } catch (const std::exception& bug) {
        why = bug.what();
    }
    context->log->write(log_level::warning,
                        "there is no event of the session " + name + ": " + why);
    co_return std::nullopt;
}

}  // namespace ocpi::sessions::events
