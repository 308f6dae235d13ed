#include "application/application.hpp"
#include "auth/token_authenticator.hpp"
#include "crud/sqlite/sqlite_crud.hpp"

#include <cstdio>

int main()
{
    ocpi::crud::sqlite_options database;
    database.path = "sessions.db";
    auto crud = std::make_shared<ocpi::crud::sqlite_crud>(database);         // or your own Crud
    auto authenticator = std::make_shared<ocpi::auth::token_authenticator>(  // or your own
        ocpi::auth::token_store(crud));

    ocpi::application_options options;
    options.public_url = "https://ocpi.example.com";
    const std::vector<ocpi::party_role> roles{ocpi::party_role::cpo, ocpi::party_role::emsp};
    options.parties.emplace_back(ocpi::party("ES", "ABC"), roles, "ABC Charging");

    ocpi::Application application(std::move(options), crud, authenticator);
    application.run("127.0.0.1:8000", 0,
                    [](const std::string& url) { std::printf("listening on %s\n", url.c_str()); });
}
