#include "app/reload.hpp"

#include "app/config_text.hpp"

#include <exception>
#include <utility>

namespace ocpi::app {
namespace {

std::string list_names(const std::vector<std::string>& names)
{
    std::string text;
    for (const auto& name : names) text += text.empty() ? name : ", " + name;
    return text;
}

}  // namespace

reload_plan plan_reload(const config& before, const config& after)
{
    reload_plan plan;
    for (auto& name : find_differences(before, after)) {
        const bool is_applied = name == "token" || name.starts_with("log.");
        (is_applied ? plan.applied : plan.waiting).push_back(std::move(name));
    }
    return plan;
}

config_reload::config_reload(platform_arguments arguments, config running,
                             std::shared_ptr<server_log> log,
                             std::shared_ptr<auth::token_authenticator> authenticator)
    : arguments_(std::move(arguments)),
      running_(std::move(running)),
      log_(std::move(log)),
      authenticator_(std::move(authenticator))
{
}

void config_reload::run()
{
    if (!arguments_.config_file) return;
    constexpr const char* stays =
        "the configuration was not read again, and the one in use stays: ";
    try {
        apply(effective_config(arguments_));
    } catch (const config_error& failure) {
        for (const auto& fault : failure.faults()) log_->write(log_level::error, stays + fault);
    } catch (const std::exception& failure) {
        log_->write(log_level::error, stays + std::string(failure.what()));
    }
}

void config_reload::apply(const config& read)
{
    const auto plan = plan_reload(running_, read);
    authenticator_->set_configured(read.tokens);
    log_->apply(read.log);
    running_.tokens = read.tokens;
    running_.log = read.log;
    const auto changes =
        plan.applied.empty() ? " without a change" : ": " + list_names(plan.applied);
    log_->write(log_level::info, "the configuration was read again" + changes);
    if (plan.waiting.empty()) return;
    log_->write(log_level::warning,
                "changes that take effect after a restart: " + list_names(plan.waiting));
}

}  // namespace ocpi::app
