#pragma once

#include "app/log_settings.hpp"
#include "application/application.hpp"
#include "auth/token_authenticator.hpp"
#include "http/list_limits.hpp"
#include "http/request_limits.hpp"
#include "modules/sessions/evse_directory.hpp"
#include "modules/sessions/settlement.hpp"
#include "ocpi/base/time_zone.hpp"
#include "ocpi/protocol/paging.hpp"
#include "server/limits.hpp"
#include "server/outbound_options.hpp"
#include "server/tls_options.hpp"

#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace ocpi::app {

/// The configuration of `ocpi-sessions serve` (docs/configuration.md), defaults filled in.
struct config {
    std::string listen = "127.0.0.1:8000";
    std::string public_url;
    std::string database = "sqlite:ocpi-sessions.db";
    /// As in database_settings.
    std::string database_password_file;
    bool allow_lost_writes = false;
    std::vector<own_party> parties;
    std::vector<sessions::configured_evse> evses;
    protocol::page_limits page_limits;
    /// Origins of web pages that may call the paths under /v1; `*` is any.
    std::vector<std::string> cors_origins;
    std::vector<auth::token_authenticator::configured_token> tokens;
    http::list_limits list_limits;
    http::request_limits request_limits;
    server::limits limits;
    server::tls_options tls;
    /// Address of the admin listener; empty: there is none.
    std::string admin_listen;
    /// The session pages, and what they call this server.
    bool has_pages = true;
    std::string pages_name = "ocpi-sessions";
    server::outbound_options outbound;
    /// 0: final readings are awaited without limit.
    sessions::final_reading_timeout final_reading_timeout{0};
    /// Fallback for prices when neither EVSE nor policy has a time zone.
    std::optional<time_zone> pricing_zone;
    log_settings log;
};

/// The faults of a configuration, an unknown key among them.
class config_error : public std::runtime_error {
public:
    explicit config_error(std::vector<std::string> faults);

    /// Each with file, line and key: `server.toml:3: log.level must be …`. what() has a line for
    /// each.
    const std::vector<std::string>& faults() const noexcept { return faults_; }

private:
    std::vector<std::string> faults_;
};

/// Parses a TOML text; `source` names it in messages. Throws config_error.
config parse_config(std::string_view text, const std::string& source);

/// Reads a TOML file. Throws std::runtime_error when it cannot be read, config_error when it is
/// invalid.
config read_config(const std::string& path);

}  // namespace ocpi::app
