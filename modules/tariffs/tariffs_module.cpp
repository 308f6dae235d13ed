#include "modules/tariffs/tariffs_module.hpp"

#include "http/ownership.hpp"
#include "http/page_answer.hpp"
#include "modules/tariffs/tariff_2_2_1.hpp"

#include <utility>

namespace ocpi::tariffs {
namespace {

using boost::asio::awaitable;
using crud::interface_side;

constexpr const char* object_suffix = "/{country_code}/{party_id}/{tariff_id}";

/// The tariff that a path addresses.
crud::object_key addressed_tariff(const http::call& call)
{
    return crud::object_key(call.parameters[0], call.parameters[1], call.parameters[2]);
}

/// The answer for a tariff that does not exist or that the caller may not see; both are
/// indistinguishable.
error no_such_tariff()
{
    return error(errc::not_found, "there is no such tariff");
}

/// A failure of the store, as the caller sees it.
error explain(const error& failure)
{
    return failure.code() == errc::not_found ? no_such_tariff() : failure;
}

/// Our tariffs are for every eMSP; which other parties a partner is does not count, nor an eMSP
/// for which it does not speak here.
bool may_see_own(const http::call& call)
{
    if (http::is_from_operator(call)) return true;
    auto emsps = auth::parties_in_role(call.caller, party_role::emsp);
    return !http::narrowed(std::move(emsps), call.routing.from).empty();
}

/// What the routes of one version share. They keep it alive.
class tariffs_module {
public:
    tariffs_module(std::shared_ptr<tariff_store> tariffs, http::client_owned_options options,
                   protocol::version version)
        : tariffs_(std::move(tariffs)), options_(std::move(options)), version_(version)
    {
    }

    // The Receiver interface, and the operator's list of what was received.

    awaitable<http::answer> get_received(const http::call& call)
    {
        if (!may_use_as_receiver(call)) co_return no_such_tariff();
        co_return co_await get(interface_side::receiver, call);
    }

    awaitable<http::answer> put_received(const http::call& call)
    {
        if (!may_write_as_receiver(call)) co_return no_such_tariff();
        co_return co_await put(interface_side::receiver, call);
    }

    awaitable<http::answer> delete_received(const http::call& call)
    {
        if (!may_write_as_receiver(call)) co_return no_such_tariff();
        co_return co_await remove(interface_side::receiver, call);
    }

    awaitable<http::answer> list_received(const http::call& call)
    {
        if (!http::is_from_operator(call)) co_return http::method_not_allowed("");
        crud::list_query everything;
        auto path = http::receiver_path("tariffs", version_);
        co_return co_await list(interface_side::receiver, call, std::move(everything),
                                std::move(path));
    }

    // The Sender interface, and the paths by which our backend feeds our own tariffs.

    awaitable<http::answer> list_own(const http::call& call)
    {
        crud::list_query visible;
        visible.owners.emplace();
        if (may_see_own(call)) {
            visible.owners = http::narrowed(options_.own_cpo_parties, call.routing.to);
        }
        auto path = http::sender_path("tariffs", version_);
        co_return co_await list(interface_side::sender, call, std::move(visible), std::move(path));
    }

    awaitable<http::answer> get_own(const http::call& call)
    {
        if (!options_.is_own(addressed_tariff(call).owner()) || !may_see_own(call)) {
            co_return no_such_tariff();
        }
        co_return co_await get(interface_side::sender, call);
    }

    awaitable<http::answer> put_own(const http::call& call)
    {
        if (!http::is_from_operator(call)) co_return co_await refuse_write(call);
        if (!options_.is_own(addressed_tariff(call).owner())) co_return no_such_tariff();
        co_return co_await put(interface_side::sender, call);
    }

    awaitable<http::answer> delete_own(const http::call& call)
    {
        if (!http::is_from_operator(call)) co_return co_await refuse_write(call);
        if (!options_.is_own(addressed_tariff(call).owner())) co_return no_such_tariff();
        co_return co_await remove(interface_side::sender, call);
    }

private:
    static bool may_use_as_receiver(const http::call& call)
    {
        return http::acts_for_cpo(call, addressed_tariff(call).owner());
    }

    /// Tariffs are public among partners, so a hub may pass them on to all; a GET is never
    /// broadcast.
    static bool may_write_as_receiver(const http::call& call)
    {
        return may_use_as_receiver(call) ||
               http::is_broadcast_of_cpo(call, addressed_tariff(call).owner());
    }

    /// A partner may read our tariffs, never write them; of others it learns nothing.
    awaitable<http::answer> refuse_write(const http::call& call)
    {
        co_return http::refuse_write(co_await get_own(call));
    }

    awaitable<http::answer> get(interface_side side, const http::call& call)
    {
        auto stored = co_await tariffs_->get(side, addressed_tariff(call));
        if (stored.has_error()) co_return explain(stored.error());
        http::answer answered;
        answered.data = convert_to(version_, std::move(stored->document.json));
        co_return answered;
    }

    awaitable<http::answer> put(interface_side side, const http::call& call)
    {
        const auto key = addressed_tariff(call);
        const auto strict = call.caller.profile;
        const auto sent = read_sent_tariff(call.request.body, strict, key, version_);
        if (sent.has_error()) co_return sent.error();
        const auto written = co_await tariffs_->put(side, key, *sent, strict, call.now);
        if (written.has_error()) co_return explain(written.error());
        http::answer answered;
        answered.status = written->created ? 201 : 200;
        http::name_tolerated(answered, written->tolerated);
        co_return answered;
    }

    awaitable<http::answer> remove(interface_side side, const http::call& call)
    {
        const auto removed = co_await tariffs_->remove(side, addressed_tariff(call));
        if (removed.has_error()) co_return explain(removed.error());
        co_return http::answer();
    }

    awaitable<http::answer> list(interface_side side, const http::call& call,
                                 crud::list_query visible, std::string path)
    {
        http::list_source source;
        source.read = [this, side](crud::list_query part) {
            return tariffs_->list(side, std::move(part));
        };
        source.translate = [this](std::string json) {
            return convert_to(version_, std::move(json));
        };
        source.url = options_.public_url() + path;
        co_return co_await http::answer_page(call, options_.lists, std::move(visible),
                                             std::move(source));
    }

    std::shared_ptr<tariff_store> tariffs_;
    http::client_owned_options options_;
    protocol::version version_;
};

void add_version(http::router& router, const std::shared_ptr<tariff_store>& tariffs,
                 const http::client_owned_options& options, protocol::version version)
{
    const auto module = std::make_shared<tariffs_module>(tariffs, options, version);
    const auto add = [&](const char* verb, const std::string& path, auto handle) {
        http::add_route(router, module, verb, path, handle);
    };
    if (options.as_receiver) {
        const auto list = http::receiver_path("tariffs", version);
        const auto object = list + object_suffix;
        add("GET", list, &tariffs_module::list_received);
        add("GET", object, &tariffs_module::get_received);
        add("PUT", object, &tariffs_module::put_received);
        add("DELETE", object, &tariffs_module::delete_received);
    }
    if (options.as_sender) {
        const auto list = http::sender_path("tariffs", version);
        const auto object = list + object_suffix;
        add("GET", list, &tariffs_module::list_own);
        add("GET", object, &tariffs_module::get_own);
        add("PUT", object, &tariffs_module::put_own);
        add("DELETE", object, &tariffs_module::delete_own);
    }
}

}  // namespace

void add_tariffs_module(http::router& router, const std::shared_ptr<tariff_store>& tariffs,
                        const http::client_owned_options& options)
{
    for (const auto version : options.versions) add_version(router, tariffs, options, version);
}

}  // namespace ocpi::tariffs
