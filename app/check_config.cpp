#include "app/commands.hpp"
#include "app/config.hpp"
#include "app/config_text.hpp"
#include "app/database.hpp"
#include "server/tls_certificates.hpp"

#include <cstdio>
#include <exception>

namespace ocpi::app {

int check_config(const std::string& path)
{
    constexpr int exit_faulty = 2;
    try {
        const auto read = read_config(path);
        require_known_kind(read.database);
        if (read.tls.is_enabled()) const server::tls_certificates usable(read.tls);
        std::fputs(write_config(read).c_str(), stdout);
        return 0;
    } catch (const config_error& failure) {
        std::fprintf(stderr, "%s\n", failure.what());
    } catch (const std::exception& failure) {
        std::fprintf(stderr, "%s: %s\n", path.c_str(), failure.what());
    }
    return exit_faulty;
}

}  // namespace ocpi::app
