#pragma once

#include "auth/authenticator.hpp"
#include "crud/crud.hpp"
#include "http/cors.hpp"
#include "http/http_client.hpp"
#include "http/list_limits.hpp"
#include "http/message.hpp"
#include "modules/credentials/image.hpp"
#include "modules/credentials/registration_request.hpp"
#include "modules/exchange/exchange_observer.hpp"
#include "modules/exchange/pull_summary.hpp"
#include "modules/managed/energy_prices.hpp"
#include "modules/sessions/evse_directory.hpp"
#include "modules/status/cost_source.hpp"
#include "ocpi/base/clock.hpp"
#include "ocpi/base/logger.hpp"
#include "ocpi/base/time_zone.hpp"
#include "ocpi/protocol/paging.hpp"
#include "ocpi/protocol/party.hpp"
#include "partners/partner.hpp"
#include "server/limits.hpp"
#include "server/outbound_options.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace ocpi {

/// A party that this server acts for.
struct own_party {
    ocpi::party party;
    std::vector<party_role> roles;
    /// For people; may be empty.
    std::string name;
    /// For people, as partners are told of it: an absolute URL, or empty.
    std::string website;
    std::optional<credentials::image> logo;

    own_party() = default;
    own_party(ocpi::party identity, std::vector<party_role> in_roles, std::string called = {})
        : party(std::move(identity)), roles(std::move(in_roles)), name(std::move(called))
    {
    }
};

/// What an Application is made of besides its ports.
struct application_options {
    /// OCPI versions to speak: `2.3.0`, `2.2.1`, or both; at least one.
    std::vector<std::string> versions{"2.3.0", "2.2.1"};
    /// As CPO it offers the Sender interfaces, as EMSP the Receiver interfaces.
    std::vector<party_role> roles{party_role::cpo, party_role::emsp};
    /// OCPI modules to offer: `sessions`, `tariffs`, both or none.
    std::vector<std::string> modules{"sessions", "tariffs"};
    std::vector<own_party> parties;
    /// What the EVSEs of our CPO parties can do; nullptr: none takes charging preferences.
    std::shared_ptr<sessions::evse_directory> evses;
    /// By which tariffs tell the hours of sessions whose EVSE's time zone is not known, and that
    /// no policy manages; nothing: UTC.
    std::optional<time_zone> pricing_zone;
    /// What sessions cost; nullptr: what driver plans, tariffs and CPOs say (docs/cost.md). With
    /// one of your own there is no GET /v1/sessions/{id}/cost.
    std::shared_ptr<status::cost_source> costs;
    /// What energy costs in the slots of plans; nullptr: what the tariffs say.
    std::shared_ptr<managed::energy_prices> prices;
    /// The base of absolute URLs as partners reach this server, `https://ocpi.example.com`. When
    /// empty, `http://` and the address that it listens on, and nothing before it listens.
    std::string public_url;
    /// Which web pages of other origins may call the paths under /v1 from a browser; none.
    http::cors_policy cors;
    protocol::page_limits page_limits;
    http::list_limits list_limits;
    server::limits limits;
    /// How long after its end_date_time a session that is COMPLETED waits for its final reading,
    /// before it counts as final; 0: always.
    std::chrono::milliseconds final_reading_timeout{0};
    /// nullptr: real time.
    std::shared_ptr<const clock> time;
    /// nullptr: silence.
    std::shared_ptr<logger> log;
    /// By which other platforms are called; nullptr: over TCP and TLS, as `outbound` says.
    std::shared_ptr<http::http_client> http_client;
    server::outbound_options outbound;
    /// Counts what is exchanged with partners; nullptr: nobody does.
    std::shared_ptr<exchange::exchange_observer> exchange_observer;
    /// When set, this is the clock, and `PUT /v1/dev/clock` sets it. Not for production.
    std::shared_ptr<adjustable_clock> development_clock;
};

/// An OCPI platform's sessions server: give it a store and an identity system, and let it listen
/// on threads of its own, on those of a host program, or not at all. As long as it listens, it
/// also pushes our sessions to partner eMSPs and pulls those of partner CPOs.
///
/// Its members may be called from any thread. It must outlive whatever it was asked to do.
class Application {
public:
    /// Throws std::invalid_argument when a port is null or the options ask for what is not there,
    /// and std::runtime_error when the file of certificate authorities cannot be used.
    Application(application_options options, std::shared_ptr<Crud> crud,
                std::shared_ptr<Authenticator> authenticator);
    ~Application();
    Application(const Application&) = delete;
    Application& operator=(const Application&) = delete;

    /// Answers one request value, without any socket. For HEAD the body is that of GET: who sends
    /// it leaves it out. Who gets a response with a stream reads it to its end, or closes it.
    boost::asio::awaitable<http::response> answer(http::request received);

    /// Registers this platform with another one, by the token that the other's operator has handed
    /// out. Before it answers, the other platform calls back: a server on the same store must
    /// answer at the public URL. Fails with errc::already_exists,
    /// errc::invalid, errc::partner_failure, errc::version_mismatch or errc::endpoints_missing, and
    /// then nothing has changed here.
    boost::asio::awaitable<result<partners::partner>> register_partner(
        credentials::registration_request request);
    /// All partners that are registered, in the order in which they came; without their secrets.
    boost::asio::awaitable<result<std::vector<partners::partner>>> list_partners();
    /// New tokens for both sides, and the partner's endpoints as they are by now.
    boost::asio::awaitable<result<partners::partner>> rotate_partner(std::string name);
    /// Sets what an operator may set of a registered partner, here alone: the partner is not told.
    boost::asio::awaitable<result<partners::partner>> set_partner(
        std::string name, partners::partner_settings settings);
    /// Ends a registration on both sides; when the partner does not confirm it, only if
    /// `even_unconfirmed`.
    boost::asio::awaitable<result<void>> remove_partner(std::string name,
                                                        bool even_unconfirmed = false);

    /// Pulls the sessions of a partner CPO into our store, now. `on_page` is called after each page
    /// and may be empty.
    boost::asio::awaitable<result<exchange::pull_summary>> sync_partner(
        std::string name, exchange::pull_range range, exchange::pull_callback on_page);

    /// Accepts connections on `host:port` (port 0: any free one) upon the host program's executor,
    /// whose context must outlive this object. Returns the URL of what it listens on. Throws
    /// std::runtime_error when the address cannot be had.
    std::string listen(boost::asio::any_io_executor executor, const std::string& host_and_port);

    /// Stops listening, and to push and pull: requests under way are answered, for
    /// limits.drain_timeout at most.
    boost::asio::awaitable<void> stop();

    /// Serves on `threads` threads of its own (0: one per core) until SIGTERM or SIGINT, and then
    /// stops as stop() does; a second signal ends the process at once. `on_ready` is called with
    /// the URL as soon as connections are accepted; it may be empty. Throws what it throws, and
    /// std::runtime_error when the address cannot be had.
    void run(const std::string& host_and_port, std::size_t threads,
             const std::function<void(const std::string& url)>& on_ready);

private:
    class impl;
    std::unique_ptr<impl> impl_;
};

}  // namespace ocpi
