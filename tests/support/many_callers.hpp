#pragma once

#include "application/application.hpp"
#include "auth/token_authenticator.hpp"
#include "auth/token_store.hpp"
#include "tests/support/run_awaitable.hpp"
#include "tests/support/scripted_crud.hpp"

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace ocpi::test {

/// A whole platform, ES*ABC as CPO and eMSP, upon a scripted store, without a socket. Its callers'
/// tokens are `op` of our operator, `emsp` (DE*EMP) and `other-emsp` (FR*OTH), `cpo` (ES*ABC) and
/// `other-cpo` (NL*OTH), `driver` (DE-EMP-C1) and `other-driver` (FR-OTH-C1).
class many_callers {
public:
    std::shared_ptr<scripted_crud> crud = std::make_shared<scripted_crud>();

    explicit many_callers(application_options options = {})
    {
        options.parties.emplace_back(party("ES", "ABC"), options.roles);
        options.public_url = "https://host";
        std::vector<auth::token_authenticator::configured_token> tokens;
        tokens.emplace_back(named("op", auth::caller_kind::platform_operator), "op");
        tokens.emplace_back(partner("emsp", party_role::emsp, party("DE", "EMP")), "emsp");
        tokens.emplace_back(partner("other-emsp", party_role::emsp, party("FR", "OTH")),
                            "other-emsp");
        tokens.emplace_back(partner("cpo", party_role::cpo, party("ES", "ABC")), "cpo");
        tokens.emplace_back(partner("other-cpo", party_role::cpo, party("NL", "OTH")), "other-cpo");
        tokens.emplace_back(driver("driver", "DE-EMP-C1"), "driver");
        tokens.emplace_back(driver("other-driver", "FR-OTH-C1"), "other-driver");
        application_ = std::make_unique<Application>(
            std::move(options), crud,
            std::make_shared<auth::token_authenticator>(auth::token_store(crud), tokens));
    }

    http::response ask(const std::string& token, std::string method, std::string target,
                       std::string body = {})
    {
        http::request request;
        request.method = std::move(method);
        request.target = std::move(target);
        request.body = std::move(body);
        request.headers.add("Authorization", "Token " + token);
        return run_awaitable(application_->answer(std::move(request)));
    }

private:
    static auth::principal named(std::string name, auth::caller_kind kind)
    {
        auth::principal caller;
        caller.name = std::move(name);
        caller.kind = kind;
        return caller;
    }
    static auth::principal partner(std::string name, party_role role, party of)
    {
        auto caller = named(std::move(name), auth::caller_kind::partner);
        caller.roles.emplace_back(role, std::move(of));
        return caller;
    }
    static auth::principal driver(std::string name, const char* contract)
    {
        auto caller = named(std::move(name), auth::caller_kind::driver);
        caller.contracts.emplace_back(contract);
        return caller;
    }

    std::unique_ptr<Application> application_;
};

}  // namespace ocpi::test
