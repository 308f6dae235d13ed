#pragma once

#include "http/answer.hpp"
#include "http/page_answer.hpp"
#include "http/router.hpp"
#include "ocpi/base/error.hpp"
#include "ocpi/protocol/party.hpp"
#include "ocpi/protocol/version.hpp"

#include <boost/asio/awaitable.hpp>

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// What the modules of client owned objects, which a CPO owns and an eMSP receives, have in common
/// [transport and format, client owned object push].
namespace ocpi::http {

/// What such a module needs to know about the server it is part of.
struct client_owned_options {
    /// Our parties that are CPOs: their objects are ours to send.
    std::vector<party> own_cpo_parties;
    /// The base of absolute URLs, without a trailing slash. Asked for at each use, because it
    /// may be known only once the server listens.
    std::function<std::string()> public_url;
    list_options lists;
    /// Which interfaces to offer.
    bool as_sender = true;
    bool as_receiver = true;
    /// OCPI versions to speak.
    std::vector<protocol::version> versions{protocol::version::v2_3_0};

    bool is_own(const party& owner) const;
};

/// `/ocpi/cpo/2.3.0/sessions`: the Sender interface of a module, below the public URL.
std::string sender_path(std::string_view module, protocol::version of);
/// `/ocpi/emsp/2.3.0/sessions`: its Receiver interface.
std::string receiver_path(std::string_view module, protocol::version of);

/// Answers a partner that tries to write one of our own objects: 405 when it may read the object,
/// else what reading it answers.
answer refuse_write(answer read);

/// Adds a route whose handler is a member function of the module, which the route keeps alive.
template <class Module>
void add_route(router& routes, const std::shared_ptr<Module>& module, std::string method,
               const std::string& path,
               boost::asio::awaitable<answer> (Module::*handle)(const call&))
{
    routes.add(interface_kind::functional, std::move(method), path,
               [module, handle](const call& received) { return ((*module).*handle)(received); });
}

}  // namespace ocpi::http
