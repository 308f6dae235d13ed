#include "modules/status/hub_context.hpp"

#include <exception>
#include <string>
#include <utility>

namespace ocpi::status {

void hub_context::warn(const std::string& what, const std::string& cause) const
{
    const auto held_back = failures->admit(cause, log_limiter::clock::now());
    if (!held_back) return;
    auto line = what + ": " + cause;
    if (*held_back > 0) line += " (and " + std::to_string(*held_back) + " times more before)";
    log->write(log_level::warning, line);
}

boost::asio::awaitable<std::optional<rendered_session>> render(
    std::shared_ptr<const hub_context> context, crud::record session)
{
    const auto name = session.document.key.folded();
    std::string why;
    try {
        auto rendered = co_await context->source->render(std::move(session));
        if (rendered.has_value()) co_return std::move(*rendered);
        why = rendered.error().text();
    } catch (const std::exception& bug) {
        why = bug.what();
    }
    context->warn("cannot render an event of the session " + name, why);
    co_return std::nullopt;
}

}  // namespace ocpi::status
