#include "http/pipeline.hpp"

#include "http/reauthenticating_stream.hpp"
#include "http/request_body.hpp"
#include "http/request_notes.hpp"
#include "http/request_observer.hpp"
#include "ocpi/base/ci_string.hpp"
#include "ocpi/base/uuid.hpp"
#include "ocpi/json/writer.hpp"
#include "ocpi/protocol/envelope.hpp"
#include "ocpi/protocol/status_code.hpp"

#include <algorithm>
#include <exception>
#include <optional>
#include <set>
#include <string>
#include <utility>

namespace ocpi::http {
namespace {

constexpr const char* request_id_header = "X-Request-ID";
constexpr const char* correlation_id_header = "X-Correlation-ID";

bool contains(const std::vector<party>& parties, const party& wanted)
{
    return std::find(parties.begin(), parties.end(), wanted) != parties.end();
}

std::string value_or_new_uuid(const request& received, const char* name)
{
    const auto* sent = received.headers.find(name);
    return sent && !sent->empty() ? *sent : make_uuid();
}

void add_ids(headers& answer, const request& received, std::string request_id)
{
    auto correlation_id = value_or_new_uuid(received, correlation_id_header);
    note_ids(received, request_id, correlation_id);
    answer.add(request_id_header, std::move(request_id));
    answer.add(correlation_id_header, std::move(correlation_id));
}

error unauthenticated()
{
    return error(errc::unauthenticated,
                 "no valid token: send the header Authorization: Token <Base64 of your token>");
}

error unexpected(std::string what)
{
    return error(errc::internal, "an internal error; the operator's log has more", {},
                 std::move(what));
}

/// The value of the Authorization header; empty when there is none, or more than one: which of
/// them counts, a proxy on the way might judge otherwise.
std::string sole_authorization(const headers& sent)
{
    std::string value;
    bool is_first = true;
    for (const auto& field : sent) {
        if (!equal_ignoring_case(field.name, "Authorization")) continue;
        value = is_first ? field.value : std::string();
        is_first = false;
    }
    return value;
}

/// Checks which kind of interface the caller may use. A caller without access gets the answer for a
/// missing token or a missing object.
result<void> check_caller(const auth::principal& caller, interface_kind kind)
{
    const bool registering = caller.token_kind == auth::token_kind::registration;
    if (registering && kind != interface_kind::configuration) return unauthenticated();
    if (kind == interface_kind::management) {
        if (caller.kind == auth::caller_kind::partner) {
            return error(errc::not_found, "there is nothing at this path");
        }
    } else if (caller.kind == auth::caller_kind::driver) {
        return unauthenticated();
    }
    return {};
}

std::string write_problem_details(int status, const error& failure)
{
    json::object_writer problem;
    problem.string("type", "about:blank")
        .string("title", protocol::http_reason(status))
        .integer("status", status)
        .string("detail", failure.text());
    return problem.finish();
}

result<protocol::routing> read_routing(const headers& sent)
{
    protocol::routing read;
    const auto to = protocol::read_routing_pair(sent.find(protocol::to_country_code_header),
                                                sent.find(protocol::to_party_id_header), "to");
    if (to.has_error()) return to.error();
    const auto from =
        protocol::read_routing_pair(sent.find(protocol::from_country_code_header),
                                    sent.find(protocol::from_party_id_header), "from");
    if (from.has_error()) return from.error();
    read.to = *to;
    read.from = *from;
    return read;
}

/// A client that is known in the field names the caller itself as the receiver of a list.
bool names_itself_in_list(const auth::principal& caller, const router::match& found,
                          const protocol::routing& routing)
{
    const bool is_list = found.route->method == "GET" && found.parameters.empty();
    const bool is_tolerant =
        caller.kind == auth::caller_kind::partner && caller.profile == auth::profile::tolerant;
    return is_list && is_tolerant && routing.to &&
           std::any_of(caller.roles.begin(), caller.roles.end(),
                       [&](const credentials_role& role) { return role.party == *routing.to; });
}

/// The answer travels the other way.
void add_swapped_routing(headers& fields, const protocol::routing& request_routing)
{
    if (const auto& receiver = request_routing.from) {
        fields.add(protocol::to_country_code_header, receiver->country_code.str());
        fields.add(protocol::to_party_id_header, receiver->party_id.str());
    }
    if (const auto& sender = request_routing.to) {
        fields.add(protocol::from_country_code_header, sender->country_code.str());
        fields.add(protocol::from_party_id_header, sender->party_id.str());
    }
}

}  // namespace

pipeline::pipeline(dependencies assembled)
    : dependencies_(std::move(assembled)), failures_(dependencies_.log)
{
}

boost::asio::awaitable<admission> pipeline::admit(const request& head)
{
    note_head(head);
    admission judged;
    judged.answer = dependencies_.cors.answer_preflight(head);
    if (judged.answer) {
        note_route(head, route_name::preflight);
        judged.answer = grant_preflight(head, std::move(*judged.answer));
        co_return judged;
    }
    if (dependencies_.pages) judged.answer = dependencies_.pages->find(head);
    if (judged.answer) {
        note_route(head, route_name::page);
        note_ids(head, value_or_new_uuid(head, request_id_header),
                 value_or_new_uuid(head, correlation_id_header));
        reserve_memory(head, nullptr, *judged.answer);
        co_return judged;
    }
    judged.authorization = sole_authorization(head.headers);
    if (!judged.authorization.empty()) note_credentials(head);
    std::optional<error> refusal;
    try {
        auto known = co_await dependencies_.authenticator->authenticate(judged.authorization);
        if (known.has_error()) {
            refusal = std::move(known).error();
        } else {
            judged.caller = std::move(*known);
            note_caller(head, judged.caller);
            judged.answer = limit(head, judged);
            if (!judged.caller && !judged.answer) refusal = unauthenticated();
        }
    } catch (const std::exception& bug) {
        refusal = unexpected(bug.what());
    } catch (...) {
        // An embedding program's code may throw what it likes.
        refusal = unexpected("an exception of an unknown type");
    }
    if (refusal) judged.answer = refuse(head, *refusal);
    co_return judged;
}

boost::asio::awaitable<response> pipeline::respond(request received, admission admitted)
{
    progress reached;
    answer answered;
    try {
        answered = co_await run(received, admitted, reached);
    } catch (const std::exception& bug) {
        answered = answer(unexpected(bug.what()));
    } catch (...) {
        answered = answer(unexpected("an exception of an unknown type"));
    }
    if (answered.failure && !reached.is_handler_asked) {
        note_refusal(received, answered.failure->code());
    }
    auto rendered = render(received, std::move(answered), reached.routing);
    reserve_memory(received, admitted.caller.get(), rendered);
    hold(rendered, std::move(admitted.turn));
    co_return rendered;
}

response pipeline::refuse(const request& received, const error& reason)
{
    return refuse_by(received, answer(reason));
}

/// `refusal` is a failure.
response pipeline::refuse_by(const request& received, answer refusal)
{
    if (received.report) {
        note_head(received);
        note_route(received, find_route_name(received));
    }
    note_refusal(received, refusal.failure->code());
    return render(received, std::move(refusal), {});
}

/// The name of the route of a request that does not come to run().
std::string_view pipeline::find_route_name(const request& received) const
{
    if (received.target.empty()) return route_name::unread;
    if (received.target == "*") return route_name::server;
    const auto target = parse_target(received.target);
    if (target.has_error()) return route_name::unmatched;
    const auto found = dependencies_.router.find(received.method, target->segments);
    return found.pattern.empty() ? route_name::unmatched : found.pattern;
}

boost::asio::awaitable<answer> pipeline::run(request& received, admission& admitted,
                                             progress& reached)
{
    auto& routing = reached.routing;
    const auto caller = admitted.caller;
    if (!caller) co_return unauthenticated();
    note_route(received, received.target == "*" ? route_name::server : route_name::unmatched);
    if (received.method == "OPTIONS" && received.target == "*") co_return describe_server();

    const auto target = parse_target(received.target);
    if (target.has_error()) co_return target.error();
    const auto found = dependencies_.router.find(received.method, target->segments);
    note_route(received, found.pattern.empty() ? route_name::unmatched : found.pattern);
    const auto path_kind = is_management_path(received.target) ? interface_kind::management
                                                               : interface_kind::functional;
    const auto permitted = check_caller(*caller, found.kind.value_or(path_kind));
    if (permitted.has_error()) co_return permitted.error();
    if (found.allowed.empty()) co_return error(errc::not_found, "there is nothing at this path");

    result<protocol::routing> named = protocol::routing();
    if (found.kind == interface_kind::functional) named = read_routing(received.headers);
    if (named.has_value()) routing = *named;
    if (!found.route) co_return method_not_allowed(found.allowed);
    std::vector<std::string> tolerated;
    if (found.kind == interface_kind::functional) {
        if (named.has_error()) co_return named.error();
        const bool is_ours = routing.to && contains(dependencies_.own_parties, *routing.to);
        if (!is_ours && names_itself_in_list(*caller, found, routing)) {
            routing.to.reset();
            tolerated.emplace_back("OCPI-to names the caller");
        }
        const auto routable = check_routing(*caller, routing);
        if (routable.has_error()) co_return routable.error();
    }
    const auto prepared = prepare_body(received, caller->profile);
    if (prepared.has_error()) co_return prepared.error();
    tolerated.insert(tolerated.end(), prepared->begin(), prepared->end());
    const call current{received,         *target, *caller,
                       found.parameters, routing, dependencies_.time->now()};
    reached.is_handler_asked = true;
    auto answered = co_await found.route->handler(current);
    name_tolerated(answered, tolerated);
    if (answered.stream) {
        answered.stream = std::make_shared<reauthenticating_stream>(
            std::move(answered.stream), dependencies_.authenticator,
            std::move(admitted.authorization), caller);
    }
    co_return answered;
}

/// The answer to `OPTIONS *`, which is about no path [RFC 9110 section 9.3.7].
answer pipeline::describe_server() const
{
    std::set<std::string> methods;
    for (const auto& each : dependencies_.router.routes()) methods.insert(each.method);
    if (methods.contains("GET")) methods.insert("HEAD");
    std::string allowed;
    for (const auto& each : methods) allowed += allowed.empty() ? each : ", " + each;
    answer described;
    described.status = 204;
    described.headers.add("Allow", std::move(allowed));
    return described;
}

result<void> pipeline::check_routing(const auth::principal& caller,
                                     const protocol::routing& routing) const
{
    if (routing.to && !contains(dependencies_.own_parties, *routing.to)) {
        return error(errc::not_found, "OCPI-to names a party that is not served here");
    }
    if (routing.from && caller.kind == auth::caller_kind::partner) {
        const bool is_own =
            std::any_of(caller.roles.begin(), caller.roles.end(),
                        [&](const credentials_role& role) { return role.party == *routing.from; });
        if (!is_own) return error(errc::not_found, "OCPI-from names a party that is not yours");
    }
    return {};
}

response pipeline::render(const request& received, answer answered,
                          const protocol::routing& routing)
{
    const auto request_id = value_or_new_uuid(received, request_id_header);
    const bool management = is_management_path(received.target);

    response rendered;
    rendered.headers = std::move(answered.headers);
    rendered.held = std::move(answered.held);
    const char* content_type = "application/json";
    if (const auto& failure = answered.failure) {
        failures_.write(request_id, *failure);
        const auto status = protocol::status_of(failure->code());
        rendered.status = management ? status.management_http : status.http;
        if (management) {
            content_type = "application/problem+json";
            rendered.body = write_problem_details(rendered.status, *failure);
        } else {
            note_ocpi_status(received, static_cast<int>(status.ocpi));
            rendered.body = protocol::write_envelope(status.ocpi, failure->text(), {},
                                                     dependencies_.time->now());
        }
        if (rendered.status == 401) rendered.headers.add("WWW-Authenticate", "Token");
        if (rendered.status == 503) rendered.headers.add("Retry-After", "1");
    } else if (answered.stream) {
        rendered.status = answered.status;
        rendered.stream = std::move(answered.stream);
        content_type = nullptr;
    } else {
        rendered.status = answered.status;
        if (management) {
            rendered.body = std::move(answered.data);
        } else if (answered.status == 204) {
            content_type = nullptr;
        } else {
            note_ocpi_status(received, static_cast<int>(protocol::status_code::success));
            rendered.body =
                protocol::write_envelope(protocol::status_code::success, answered.message,
                                         std::move(answered.data), dependencies_.time->now());
        }
    }
    if (content_type) rendered.headers.add("Content-Type", content_type);
    add_ids(rendered.headers, received, request_id);
    add_swapped_routing(rendered.headers, routing);
    dependencies_.cors.add_headers(rendered.headers, received);
    return rendered;
}

/// The answer to a preflight, which bears no token and is about no route.
response pipeline::grant_preflight(const request& received, response granted) const
{
    add_ids(granted.headers, received, value_or_new_uuid(received, request_id_header));
    dependencies_.cors.add_headers(granted.headers, received);
    return granted;
}

}  // namespace ocpi::http
