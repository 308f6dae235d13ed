#include "modules/sessions/sessions_module.hpp"

#include "http/ownership.hpp"
#include "http/page_answer.hpp"
#include "modules/sessions/access.hpp"
#include "modules/sessions/object_access.hpp"
#include "modules/sessions/preferences_access.hpp"
#include "modules/sessions/session_2_2_1.hpp"

#include <utility>

namespace ocpi::sessions {
namespace {

using boost::asio::awaitable;
using crud::interface_side;

constexpr const char* object_suffix = "/{country_code}/{party_id}/{session_id}";
constexpr const char* preferences_suffix = "/charging_preferences";

/// What the routes of one version share. They keep it alive.
class sessions_module {
public:
    sessions_module(std::shared_ptr<session_writer> sessions, module_options options,
                    protocol::version version)
        : sessions_(std::move(sessions)), options_(std::move(options)), version_(version)
    {
    }

    // The Receiver interface, and the operator's list of what was received.

    awaitable<http::answer> get_received(const http::call& call)
    {
        if (!may_use_as_receiver(call)) co_return no_such_session();
        co_return answer_to_read(
            co_await sessions_->reader().get(interface_side::receiver, addressed_session(call)),
            version_);
    }

    awaitable<http::answer> put_received(const http::call& call)
    {
        if (!may_use_as_receiver(call)) co_return no_such_session();
        co_return co_await put_session(*sessions_, interface_side::receiver, version_, call);
    }

    awaitable<http::answer> patch_received(const http::call& call)
    {
        if (!may_use_as_receiver(call)) co_return no_such_session();
        co_return co_await patch_session(*sessions_, interface_side::receiver, version_, call);
    }

    awaitable<http::answer> list_received(const http::call& call)
    {
        if (!http::is_from_operator(call)) co_return http::method_not_allowed("");
        crud::list_query received;
        received.not_owned_by = options_.own_cpo_parties;
        auto path = http::receiver_path("sessions", version_);
        co_return co_await list(interface_side::receiver, call, std::move(received),
                                std::move(path));
    }

    // The Sender interface, and the paths by which our backend feeds our own sessions.

    awaitable<http::answer> list_own(const http::call& call)
    {
        auto visible = visible_in_sender_list(call, options_.own_cpo_parties);
        auto path = http::sender_path("sessions", version_);
        co_return co_await list(interface_side::sender, call, std::move(visible), std::move(path));
    }

    awaitable<http::answer> get_own(const http::call& call)
    {
        const auto key = addressed_session(call);
        if (!options_.is_own(key.owner())) co_return no_such_session();
        if (http::is_from_operator(call)) {
            co_return answer_to_read(co_await sessions_->reader().get(interface_side::sender, key),
                                     version_);
        }
        auto emsps = auth::parties_in_role(call.caller, party_role::emsp);
        auto stored = co_await sessions_->reader().get_if_visible_to(interface_side::sender, key,
                                                                     std::move(emsps));
        if (stored.has_value()) tell_of_reading(*stored);
        co_return answer_to_read(std::move(stored), version_);
    }

    awaitable<http::answer> put_own(const http::call& call)
    {
        if (!http::is_from_operator(call)) co_return co_await refuse_write(call);
        if (!options_.is_own(addressed_session(call).owner())) co_return no_such_session();
        co_return co_await put_session(*sessions_, interface_side::sender, version_, call);
    }

    awaitable<http::answer> patch_own(const http::call& call)
    {
        if (!http::is_from_operator(call)) co_return co_await refuse_write(call);
        if (!options_.is_own(addressed_session(call).owner())) co_return no_such_session();
        co_return co_await patch_session(*sessions_, interface_side::sender, version_, call);
    }

    // Charging preferences, as CPO and as eMSP.

    awaitable<http::answer> prefer_for_own(const http::call& call)
    {
        co_return co_await put_own_preferences(*sessions_, options_.evses.get(),
                                               options_.own_cpo_parties, call);
    }

    awaitable<http::answer> prefer_for_received(const http::call& call)
    {
        co_return co_await put_received_preferences(*sessions_, options_.forwarder.get(), call);
    }

private:
    void tell_of_reading(const crud::record& session) const
    {
        if (options_.serving) options_.serving->on_served(session);
    }

    awaitable<result<crud::page>> read_part(interface_side side, crud::list_query part,
                                            bool is_read_by_emsp) const
    {
        auto page = co_await sessions_->reader().list(side, std::move(part));
        if (page.has_error() || !is_read_by_emsp) co_return page;
        for (const auto& session : page->records) tell_of_reading(session);
        co_return page;
    }

    /// A partner may read those of our sessions that concern it, never write them; of others it
    /// learns nothing.
    awaitable<http::answer> refuse_write(const http::call& call)
    {
        co_return http::refuse_write(co_await get_own(call));
    }

    awaitable<http::answer> list(interface_side side, const http::call& call,
                                 crud::list_query visible, std::string path)
    {
        http::list_source source;
        const bool is_read_by_emsp =
            side == interface_side::sender && !http::is_from_operator(call);
        source.read = [this, side, is_read_by_emsp](crud::list_query part) {
            return read_part(side, std::move(part), is_read_by_emsp);
        };
        source.translate = [this](std::string json) {
            return convert_to(version_, std::move(json));
        };
        source.url = options_.public_url() + path;
        co_return co_await http::answer_page(call, options_.lists, std::move(visible),
                                             std::move(source));
    }

    std::shared_ptr<session_writer> sessions_;
    module_options options_;
    protocol::version version_;
};

void add_version(http::router& router, const std::shared_ptr<session_writer>& sessions,
                 const module_options& options, protocol::version version)
{
    const auto module = std::make_shared<sessions_module>(sessions, options, version);
    const auto add = [&](const char* verb, const std::string& path, auto handle) {
        http::add_route(router, module, verb, path, handle);
    };
    if (options.as_receiver) {
        const auto list = http::receiver_path("sessions", version);
        const auto object = list + object_suffix;
        add("GET", list, &sessions_module::list_received);
        add("GET", object, &sessions_module::get_received);
        add("PUT", object, &sessions_module::put_received);
        add("PATCH", object, &sessions_module::patch_received);
        add("PUT", object + preferences_suffix, &sessions_module::prefer_for_received);
    }
    if (options.as_sender) {
        const auto list = http::sender_path("sessions", version);
        const auto object = list + object_suffix;
        add("GET", list, &sessions_module::list_own);
        add("GET", object, &sessions_module::get_own);
        add("PUT", object, &sessions_module::put_own);
        add("PATCH", object, &sessions_module::patch_own);
        add("PUT", list + "/{session_id}" + preferences_suffix, &sessions_module::prefer_for_own);
    }
}

}  // namespace

void add_sessions_module(http::router& router, const std::shared_ptr<session_writer>& sessions,
                         const module_options& options)
{
    for (const auto version : options.versions) add_version(router, sessions, options, version);
}

}  // namespace ocpi::sessions
