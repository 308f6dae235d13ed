#include "modules/sessions/preferences_access.hpp"

#include "http/ownership.hpp"
#include "modules/sessions/access.hpp"
#include "modules/sessions/charging_preferences.hpp"
#include "modules/sessions/codec.hpp"
#include "modules/sessions/session_record.hpp"
#include "ocpi/json/writer.hpp"

#include <string>
#include <string_view>
#include <utility>

namespace ocpi::sessions {
namespace {

using boost::asio::awaitable;
using crud::interface_side;

/// A session that preferences are about.
struct subject {
    crud::object_key key;
    json::document document;
    session head;

    subject(crud::object_key of, json::document read)
        : key(std::move(of)), document(std::move(read)), head(read_stored_head(document))
    {
    }

    std::string text(std::string_view name) const
    {
        return std::string(document.root().find_string(name));
    }
};

result<subject> read_subject(crud::record stored)
{
    auto document = json::parse(stored.document.json);
    if (document.has_error()) return damaged_session("it has no readable status");
    const auto& [country_code, party_id, id] = stored.document.key;
    subject read(crud::object_key(country_code.str(), party_id.str(), id.str()),
                 std::move(*document));
    if (!read.head.status) return damaged_session("it has no readable status");
    return read;
}

/// The first of our sessions of the addressed id that the caller may see.
awaitable<result<subject>> find_own(const session_reader& sessions, std::string id,
                                    crud::list_query visible)
{
    const auto owners = visible.owners.value_or(std::vector<party>());
    for (const auto& owner : owners) {
        const crud::object_key key(owner.country_code.str(), owner.party_id.str(), id);
        result<crud::record> stored = no_such_session();
        if (visible.emsps) {
            stored =
                co_await sessions.get_if_visible_to(interface_side::sender, key, *visible.emsps);
        } else {
            stored = co_await sessions.get(interface_side::sender, key);
        }
        if (stored.has_value()) co_return read_subject(std::move(*stored));
        if (stored.error().code() != errc::not_found) co_return stored.error();
    }
    co_return no_such_session();
}

/// The session's EVSE; errc::not_found when it takes no preferences.
awaitable<result<evse>> find_capable_evse(evse_directory* evses, party owner,
                                          std::string location_id, std::string evse_uid)
{
    const error incapable(errc::not_found, "this EVSE takes no charging preferences");
    if (!evses) co_return incapable;
    auto found =
        co_await evses->find(std::move(owner), std::move(location_id), std::move(evse_uid));
    if (found.has_error()) co_return found.error();
    if (!*found || !takes_charging_preferences(**found)) co_return incapable;
    co_return std::move(**found);
}

http::answer answer_with(preferences_response response, const charging_preferences& wished)
{
    http::answer answered;
    answered.data = json::quote(to_string(response));
    http::name_tolerated(answered, wished.tolerated);
    return answered;
}

}  // namespace

awaitable<http::answer> put_own_preferences(session_writer& sessions, evse_directory* evses,
                                            const std::vector<party>& own_cpo_parties,
                                            const http::call& call)
{
    auto visible = visible_in_sender_list(call, own_cpo_parties);
    const auto session =
        co_await find_own(sessions.reader(), call.parameters[0], std::move(visible));
    if (session.has_error()) co_return session.error();
    const auto where = co_await find_capable_evse(
        evses, session->key.owner(), session->text("location_id"), session->text("evse_uid"));
    if (where.has_error()) co_return where.error();
    const auto wished = read_charging_preferences(call.request.body, call.caller.profile);
    if (wished.has_error()) co_return wished.error();

    auto response = judge(*wished, *where, *session->head.status, call.now);
    if (response == preferences_response::accepted) {
        const auto trace = http::trace_of(call.request);
        const auto kept = co_await sessions.keep_preferences(interface_side::sender, session->key,
                                                             wished->json, trace);
        if (kept.has_error()) co_return kept.error();
        if (!*kept) response = preferences_response::not_possible;  // it has just ended
    }
    co_return answer_with(response, *wished);
}

awaitable<http::answer> put_received_preferences(session_writer& sessions,
                                                 preferences_forwarder* forwarder,
                                                 const http::call& call)
{
    if (!http::is_from_operator(call)) co_return no_such_session();
    const auto key = addressed_session(call);
    auto stored = co_await sessions.reader().get(interface_side::receiver, key);
    if (stored.has_error()) {
        if (stored.error().code() == errc::not_found) co_return no_such_session();
        co_return stored.error();
    }
    const auto session = read_subject(std::move(*stored));
    if (session.has_error()) co_return session.error();
    const auto wished = read_charging_preferences(call.request.body, call.caller.profile);
    if (wished.has_error()) co_return wished.error();
    const auto cpo = to_string(session->key.owner());
    if (!session->head.cdr_token) {
        co_return error(errc::invalid,
                        "the session has no cdr_token, so it is not known for which eMSP to ask");
    }
    if (!forwarder) {
        co_return error(errc::partner_failure, "no partner is registered for " + cpo);
    }

    auto emsp = session->head.cdr_token->emsp();
    const auto* correlation = call.request.headers.find("X-Correlation-ID");
    std::string correlation_id;
    if (correlation) correlation_id = *correlation;
    const auto trace = http::trace_of(call.request);
    const auto forwarded =
        co_await forwarder->forward(session->key.owner(), std::move(emsp), session->key.id.str(),
                                    wished->json, std::move(correlation_id), trace);
    if (forwarded.has_error()) co_return forwarded.error();
    const auto response = parse_preferences_response(forwarded->response);
    if (!response) {
        co_return error(errc::partner_failure,
                        cpo + " did not answer with a ChargingPreferencesResponse");
    }
    if (*response == preferences_response::accepted) {
        const auto kept =
            co_await sessions.keep_preferences(interface_side::receiver, key, wished->json, trace);
        if (kept.has_error()) co_return kept.error();
    }
    co_return answer_with(*response, *wished);
}

}  // namespace ocpi::sessions
