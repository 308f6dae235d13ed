#include "modules/sessions/sessions_module.hpp"

#include "modules/sessions/access.hpp"
#include "modules/sessions/object_access.hpp"
#include "modules/sessions/session_store.hpp"
#include "ocpi/http/page_answer.hpp"

#include <algorithm>
#include <utility>

namespace ocpi::sessions {
namespace {

using boost::asio::awaitable;
using crud::interface_side;
using http::interface_kind;

constexpr const char* object_suffix = "/{country_code}/{party_id}/{session_id}";

/// What the routes of the module share. They keep it alive.
class sessions_module {
public:
    sessions_module(std::shared_ptr<session_store> sessions, module_options options)
        : sessions_(std::move(sessions)), options_(std::move(options))
    {
    }

    // The Receiver interface, and the operator's list of what was received.

    awaitable<http::answer> get_received(const http::call& call)
    {
        if (!may_use_as_receiver(call)) co_return no_such_session();
        co_return answer_to_read(
            co_await sessions_->get(interface_side::receiver, addressed_session(call)));
    }

    awaitable<http::answer> put_received(const http::call& call)
    {
        if (!may_use_as_receiver(call)) co_return no_such_session();
        co_return co_await put_session(*sessions_, interface_side::receiver, call);
    }

    awaitable<http::answer> patch_received(const http::call& call)
    {
        if (!may_use_as_receiver(call)) co_return no_such_session();
        co_return co_await patch_session(*sessions_, interface_side::receiver, call);
    }

    awaitable<http::answer> list_received(const http::call& call)
    {
        if (!is_operator(call)) co_return http::method_not_allowed("");
        crud::list_query everything;
        co_return co_await list(interface_side::receiver, call, std::move(everything),
                                receiver_path);
    }

    // The Sender interface, and the paths by which our backend feeds our own sessions.

    awaitable<http::answer> list_own(const http::call& call)
    {
        auto visible = visible_in_sender_list(call, options_.own_cpo_parties);
        co_return co_await list(interface_side::sender, call, std::move(visible), sender_path);
    }

    awaitable<http::answer> get_own(const http::call& call)
    {
        const auto key = addressed_session(call);
        if (!is_own(key.owner())) co_return no_such_session();
        if (is_operator(call)) {
            co_return answer_to_read(co_await sessions_->get(interface_side::sender, key));
        }
        auto emsps = auth::parties_in_role(call.caller, party_role::emsp);
        co_return answer_to_read(
            co_await sessions_->get_concerning(interface_side::sender, key, std::move(emsps)));
    }

    awaitable<http::answer> put_own(const http::call& call)
    {
        if (!is_operator(call)) co_return co_await refuse_write(call);
        if (!is_own(addressed_session(call).owner())) co_return no_such_session();
        co_return co_await put_session(*sessions_, interface_side::sender, call);
    }

    awaitable<http::answer> patch_own(const http::call& call)
    {
        if (!is_operator(call)) co_return co_await refuse_write(call);
        if (!is_own(addressed_session(call).owner())) co_return no_such_session();
        co_return co_await patch_session(*sessions_, interface_side::sender, call);
    }

private:
    static bool is_operator(const http::call& call)
    {
        return call.caller.kind == auth::caller_kind::platform_operator;
    }

    bool is_own(const party& owner) const
    {
        return std::find(options_.own_cpo_parties.begin(), options_.own_cpo_parties.end(), owner) !=
               options_.own_cpo_parties.end();
    }

    /// A partner may read those of our sessions that concern it, never write them; of others it
    /// learns nothing.
    awaitable<http::answer> refuse_write(const http::call& call)
    {
        auto readable = co_await get_own(call);
        if (readable.failure) co_return readable;
        co_return http::method_not_allowed("GET, HEAD");
    }

    awaitable<http::answer> list(interface_side side, const http::call& call,
                                 crud::list_query query, const char* path)
    {
        const bool tolerant = strictness_of(call.caller) == strictness::tolerant;
        const auto request = http::read_page_request(call, options_.page_limits, tolerant);
        if (request.has_error()) co_return request.error();
        query.date_from = request->date_from;
        query.date_to = request->date_to;
        query.offset = request->offset;
        query.limit = request->limit;
        const auto page = co_await sessions_->list(side, std::move(query));
        if (page.has_error()) co_return page.error();

        http::page_content content;
        content.list_url = options_.public_url() + path;
        for (const auto& stored : page->records) content.objects.push_back(stored.document.json);
        content.total = page->total;
        content.is_last_page = page->is_last_page;
        co_return http::make_page_answer(call, *request, content);
    }

    std::shared_ptr<session_store> sessions_;
    module_options options_;
};

using method = awaitable<http::answer> (sessions_module::*)(const http::call&);

}  // namespace

void add_sessions_module(http::router& router, std::shared_ptr<session_store> sessions,
                         module_options options)
{
    const bool as_receiver = options.as_receiver;
    const bool as_sender = options.as_sender;
    const auto module = std::make_shared<sessions_module>(std::move(sessions), std::move(options));
    const auto add = [&](const char* verb, const std::string& path, method handle) {
        router.add(interface_kind::functional, verb, path,
                   [module, handle](const http::call& call) { return ((*module).*handle)(call); });
    };
    if (as_receiver) {
        const std::string list = receiver_path;
        const std::string object = list + object_suffix;
        add("GET", list, &sessions_module::list_received);
        add("GET", object, &sessions_module::get_received);
        add("PUT", object, &sessions_module::put_received);
        add("PATCH", object, &sessions_module::patch_received);
    }
    if (as_sender) {
        const std::string list = sender_path;
        const std::string object = list + object_suffix;
        add("GET", list, &sessions_module::list_own);
        add("GET", object, &sessions_module::get_own);
        add("PUT", object, &sessions_module::put_own);
        add("PATCH", object, &sessions_module::patch_own);
    }
}

}  // namespace ocpi::sessions
