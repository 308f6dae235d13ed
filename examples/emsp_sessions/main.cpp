#include "my_authenticator.hpp"
#include "my_crud.hpp"

#include "application/application.hpp"

#include <cstdio>
#include <exception>
#include <memory>
#include <string>
#include <vector>

namespace {

/// The application of the tutorial: OCPI 2.3.0, both roles, the sessions module.
ocpi::application_options get_options()
{
    const std::vector<ocpi::party_role> roles{ocpi::party_role::cpo, ocpi::party_role::emsp};
    ocpi::application_options options;
    options.versions = {"2.3.0"};
    options.roles = roles;
    options.modules = {"sessions"};
    options.parties.emplace_back(ocpi::party("ES", "ABC"), roles);
    return options;
}

}  // namespace

/// emsp_sessions [HOST:PORT] serves until it is interrupted; port 0 is any free port.
int main(int argc, char** argv)
try {
    const std::string address = argc > 1 ? argv[1] : "127.0.0.1:8000";
    ocpi::Application application(get_options(), std::make_shared<my_crud>(),
                                  std::make_shared<my_authenticator>("your-token"));
    application.run(address, 0, [](const std::string& url) {
        std::printf("listening on %s\n", url.c_str());
        std::fflush(stdout);
    });
    return 0;
} catch (const std::exception& failure) {
    std::fprintf(stderr, "emsp_sessions: %s\n", failure.what());
    return 1;
}
