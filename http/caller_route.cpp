#include "http/caller_route.hpp"

#include "ocpi/json/writer.hpp"
#include "ocpi/protocol/party.hpp"

#include <string>

namespace ocpi::http {
namespace {

std::string write_role(const credentials_role& role)
{
    json::object_writer written;
    written.string("role", to_string(role.role))
        .string("countryCode", role.party.country_code.str())
        .string("partyId", role.party.party_id.str());
    return written.finish();
}

std::string write_caller(const auth::principal& caller)
{
    json::array_writer contracts;
    for (const auto& each : caller.contracts) contracts.raw(json::quote(each.str()));
    json::array_writer roles;
    for (const auto& each : caller.roles) roles.raw(write_role(each));
    json::object_writer written;
    written.string("kind", to_string(caller.kind))
        .string("name", caller.name)
        .raw("contracts", contracts.finish())
        .raw("roles", roles.finish())
        .string("profile", to_string(caller.profile));
    return written.finish();
}

boost::asio::awaitable<answer> get_caller(const call& call)
{
    answer answered;
    answered.data = write_caller(call.caller);
    co_return answered;
}

}  // namespace

void add_caller_route(router& routes)
{
    routes.add(interface_kind::management, "GET", "/v1/me", get_caller);
}

}  // namespace ocpi::http
