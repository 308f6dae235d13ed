#pragma once

#include "application/application.hpp"
#include "auth/authorization.hpp"
#include "auth/token_authenticator.hpp"
#include "auth/token_store.hpp"
#include "crud/memory/memory_crud.hpp"
#include "ocpi/json/document.hpp"
#include "tests/support/platform_network.hpp"
#include "tests/support/run_awaitable.hpp"

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace ocpi::test {

/// An answer with its envelope taken apart.
struct ocpi_reply {
    int http = 0;
    std::string body;
    /// Of the envelope; empty texts for what is not there.
    std::string status_code;
    std::string message;
    std::string data;

    explicit ocpi_reply(const http::response& from) : http(from.status), body(from.body)
    {
        const auto parsed = json::parse(body, 40);
        if (parsed.has_error()) return;
        const auto root = parsed->root();
        if (const auto code = root.find("status_code")) status_code = code->text();
        message = root.find_string("status_message");
        if (const auto payload = root.find("data")) data = payload->text();
    }

    /// A text within data.
    std::string text(std::string_view name) const
    {
        const auto parsed = json::parse(data);
        if (parsed.has_error()) return {};
        return std::string(parsed->root().find_string(name));
    }
};

/// A whole platform of ours on a network without sockets, with a store in memory and tokens that
/// can be added.
class platform {
public:
    /// `host` names it on the network: its public URL is `https://HOST`.
    platform(const std::shared_ptr<platform_network>& network, const std::string& host,
             const std::vector<own_party>& parties)
        : crud(std::make_shared<crud::memory_crud>()),
          time(std::make_shared<adjustable_clock>()),
          host_(host)
    {
        time->set(parse_date_time("2026-06-01T12:00:00Z")->value);
        application_options options;
        options.parties = parties;
        options.public_url = "https://" + host;
        options.time = time;
        options.http_client = network;
        auto authenticator = std::make_shared<auth::token_authenticator>(auth::token_store(crud));
        application = std::make_unique<Application>(std::move(options), crud, authenticator);
        network->add(host, *application);
    }

    std::string versions_url() const { return "https://" + host_ + "/ocpi/versions"; }

    /// What an operator does to let a partner register.
    void add_token(const std::string& name, const std::string& token,
                   const std::vector<std::string>& roles,
                   auth::token_kind kind = auth::token_kind::registration)
    {
        auth::principal identity;
        identity.name = name;
        identity.token_kind = kind;
        for (const auto& role : roles) identity.roles.push_back(*parse_credentials_role(role));
        auth::token_store tokens(crud);
        run_awaitable(tokens.add(identity, token)).value();
    }

    ocpi_reply ask(const std::string& token, const std::string& method, const std::string& target,
                   const std::string& body = {})
    {
        http::request asked;
        asked.method = method;
        asked.target = target;
        if (!token.empty()) asked.headers.add("Authorization", auth::write_authorization(token));
        asked.body = body;
        return ocpi_reply(run_awaitable(application->answer(std::move(asked))));
    }

    std::shared_ptr<crud::memory_crud> crud;
    std::shared_ptr<adjustable_clock> time;
    std::unique_ptr<Application> application;

private:
    std::string host_;
};

}  // namespace ocpi::test
