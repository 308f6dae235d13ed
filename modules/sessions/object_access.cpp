#include "modules/sessions/object_access.hpp"

#include "http/request_notes.hpp"
#include "modules/sessions/access.hpp"
#include "modules/sessions/codec.hpp"
#include "modules/sessions/session_2_2_1.hpp"

#include <string>
#include <utility>

namespace ocpi::sessions {
namespace {

http::answer answer_to_write(const result<written_session>& outcome)
{
    if (outcome.has_error()) {
        if (outcome.error().code() == errc::not_found) return no_such_session();
        return outcome.error();
    }
    http::answer answered;
    answered.status = outcome->created ? 201 : 200;
    http::name_tolerated(answered, outcome->tolerated);
    return answered;
}

}  // namespace

boost::asio::awaitable<http::answer> put_session(session_writer& sessions,
                                                 crud::interface_side side,
                                                 protocol::version version, const http::call& call)
{
    const auto key = addressed_session(call);
    const auto strict = call.caller.profile;
    const auto sent = read_session(call.request.body, body_kind::whole, strict, key, version);
    if (sent.has_error()) co_return sent.error();
    const auto trace = http::trace_of(call.request);
    co_return answer_to_write(co_await sessions.put(side, key, *sent, strict, call.now, trace));
}

boost::asio::awaitable<http::answer> patch_session(session_writer& sessions,
                                                   crud::interface_side side,
                                                   protocol::version version,
                                                   const http::call& call)
{
    const auto key = addressed_session(call);
    const auto sent =
        read_session(call.request.body, body_kind::fragment, call.caller.profile, key, version);
    if (sent.has_error()) {
        // What is not there is 404 whatever else is wrong, but a text that is no JSON is no PATCH.
        if (sent.error().code() == errc::unreadable) co_return sent.error();
        const auto stored = co_await sessions.reader().get(side, key);
        if (stored.has_error() && stored.error().code() == errc::not_found) {
            co_return no_such_session();
        }
        co_return sent.error();
    }
    const auto trace = http::trace_of(call.request);
    co_return answer_to_write(co_await sessions.patch(side, key, *sent, call.now, trace));
}

http::answer answer_to_read(result<crud::record> outcome, protocol::version version)
{
    if (outcome.has_error()) {
        if (outcome.error().code() == errc::not_found) return no_such_session();
        return outcome.error();
    }
    http::answer answered;
    answered.data = convert_to(version, std::move(outcome->document.json));
    return answered;
}

}  // namespace ocpi::sessions
