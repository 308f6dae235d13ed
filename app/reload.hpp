#pragma once

#include "app/config.hpp"
#include "app/effective_config.hpp"
#include "app/log.hpp"
#include "auth/token_authenticator.hpp"

#include <memory>
#include <string>
#include <vector>

namespace ocpi::app {

/// What a reload changes, by the names of find_differences().
struct reload_plan {
    /// Takes effect at once: [log], [[token]].
    std::vector<std::string> applied;
    /// Takes effect after a restart.
    std::vector<std::string> waiting;
};

reload_plan plan_reload(const config& before, const config& after);

/// Reads the configuration again and brings a running server's log and tokens up to date. Used by
/// one thread at a time.
class config_reload {
public:
    /// `running` is the configuration that the server was started with.
    config_reload(platform_arguments arguments, config running, std::shared_ptr<server_log> log,
                  std::shared_ptr<auth::token_authenticator> authenticator);

    /// With a broken file everything stays as it is. The outcome is logged.
    void run();

private:
    void apply(const config& read);

    const platform_arguments arguments_;
    /// What the server was started with, but for what was applied since.
    config running_;
    const std::shared_ptr<server_log> log_;
    const std::shared_ptr<auth::token_authenticator> authenticator_;
};

}  // namespace ocpi::app
