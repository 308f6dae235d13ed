#pragma once

#include "application/application_report.hpp"
#include "application/run_options.hpp"
#include "auth/authenticator.hpp"
#include "crud/crud.hpp"
#include "http/cors.hpp"
#include "http/http_client.hpp"
#include "http/list_limits.hpp"
#include "http/message.hpp"
#include "http/request_limits.hpp"
#include "http/request_observer.hpp"
#include "modules/credentials/image.hpp"
#include "modules/credentials/registration_request.hpp"
#include "modules/exchange/exchange_observer.hpp"
#include "modules/exchange/pull_summary.hpp"
#include "modules/managed/energy_prices.hpp"
#include "modules/sessions/evse_directory.hpp"
#include "modules/status/cost_source.hpp"
#include "modules/status/session_counts.hpp"
#include "ocpi/base/clock.hpp"
#include "ocpi/base/logger.hpp"
#include "ocpi/base/readiness.hpp"
#include "ocpi/base/time_zone.hpp"
#include "ocpi/protocol/paging.hpp"
#include "ocpi/protocol/party.hpp"
#include "partners/call_observer.hpp"
#include "partners/partner.hpp"
#include "server/limits.hpp"
#include "server/outbound_options.hpp"
#include "server/tls_options.hpp"

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
    /// Shown to people and sent to partners: an absolute URL, or empty.
    std::string website;
    std::optional<credentials::image> logo;

    own_party() = default;
    own_party(ocpi::party identity, std::vector<party_role> in_roles, std::string called = {})
        : party(std::move(identity)), roles(std::move(in_roles)), name(std::move(called))
    {
    }
};

/// Configuration of an Application.
struct application_options {
    /// Supported OCPI versions: `2.3.0`, `2.2.1`, or both; at least one.
    std::vector<std::string> versions{"2.3.0", "2.2.1"};
    /// A CPO offers the Sender interfaces, an EMSP the Receiver interfaces.
    std::vector<party_role> roles{party_role::cpo, party_role::emsp};
    /// OCPI modules to offer: `sessions`, `tariffs`, both or none.
    std::vector<std::string> modules{"sessions", "tariffs"};
    std::vector<own_party> parties;
    /// The EVSEs of our CPO parties and their capabilities; nullptr: no EVSE accepts charging
    /// preferences.
    std::shared_ptr<sessions::evse_directory> evses;
    /// Fallback time zone for tariff restrictions when neither EVSE nor policy has one. Default:
    /// UTC.
    std::optional<time_zone> pricing_zone;
    /// Computes session costs; nullptr: from driver plans, tariffs and CPO totals (docs/cost.md).
    /// With a custom source, GET /v1/sessions/{id}/cost is not offered.
    std::shared_ptr<status::cost_source> costs;
    /// Energy prices for planning; nullptr: from the tariffs.
    std::shared_ptr<managed::energy_prices> prices;
    /// Base of absolute URLs as partners reach this server, `https://ocpi.example.com`. When empty:
    /// `http://` and the listening address, once the server listens.
    std::string public_url;
    /// The session pages for a browser (docs/console.md): at `/`, `/sign-in` and `/sessions`.
    bool has_pages = true;
    /// What the pages call this server.
    std::string pages_name = "ocpi-sessions";
    /// Origins whose web pages may call the paths under /v1 from a browser. Default: none.
    http::cors_policy cors;
    protocol::page_limits page_limits;
    http::list_limits list_limits;
    /// Limits on the requests of a token and of an address. Requests passed to answer() are of the
    /// address in request.peer, if any.
    http::request_limits request_limits;
    server::limits limits;
    /// TLS of the listening addresses; without a certificate they speak plain HTTP. With TLS the
    /// public URL must be https.
    server::tls_options tls;
    /// How long after its end_date_time a COMPLETED session waits for its final reading before it
    /// is final; 0: it waits without limit.
    std::chrono::milliseconds final_reading_timeout{0};
    /// nullptr: the system clock.
    std::shared_ptr<const clock> time;
    /// nullptr: no log.
    std::shared_ptr<logger> log;
    /// Sends requests to other platforms; nullptr: over TCP and TLS, configured by `outbound`.
    std::shared_ptr<http::http_client> http_client;
    server::outbound_options outbound;
    /// Counts messages exchanged with partners; nullptr: none are counted.
    std::shared_ptr<exchange::exchange_observer> exchange_observer;
    /// Told of every request that was answered or given up: access log, metrics. None is nullptr.
    std::vector<std::shared_ptr<http::request_observer>> request_observers;
    /// Told of every call of another platform. None is nullptr.
    std::vector<std::shared_ptr<partners::call_observer>> call_observers;
    /// Where it reports that it is draining; nullptr: to itself alone.
    std::shared_ptr<ocpi::readiness> readiness;
    /// When leases are claimed, where several processes share the store.
    crud::lease_keeper_options leases;
    /// When set, replaces `time`, and `PUT /v1/dev/clock` sets it. Not for production.
    std::shared_ptr<adjustable_clock> development_clock;
};

/// An OCPI sessions server on a given store and identity system. It listens on its own threads, on
/// those of a host program, or not at all. While it listens, it also pushes our sessions to partner
/// eMSPs and pulls those of partner CPOs.
///
/// Members may be called from any thread. The Application must outlive every operation started on
/// it.
class Application {
public:
    /// Throws std::invalid_argument when a port is null or an option is invalid, and
    /// std::runtime_error when a file of TLS certificates, keys or authorities cannot be used.
    Application(application_options options, std::shared_ptr<Crud> crud,
                std::shared_ptr<Authenticator> authenticator);
    ~Application();
    Application(const Application&) = delete;
    Application& operator=(const Application&) = delete;

    /// Answers one request without a socket. For HEAD the response carries the body of GET, which
    /// the caller omits when sending. If the response has a stream, the caller reads it to its end
    /// or closes it. Observers are told when it is returned.
    boost::asio::awaitable<http::response> answer(http::request received);

    /// Registers this platform with another one, using the token issued by that platform's
    /// operator. The other platform calls back before it answers: a server on the same store must
    /// answer at the public URL. Errors: errc::already_exists, errc::invalid,
    /// errc::partner_failure, errc::version_mismatch, errc::endpoints_missing; on error nothing has
    /// changed here.
    boost::asio::awaitable<result<partners::partner>> register_partner(
        credentials::registration_request request);
    /// All registered partners in order of registration, without their secrets.
    boost::asio::awaitable<result<std::vector<partners::partner>>> list_partners();
    /// Exchanges new tokens with the partner and reads its current endpoints.
    boost::asio::awaitable<result<partners::partner>> rotate_partner(std::string name);
    /// Changes the operator's settings of a registered partner. Local only: the partner is not
    /// notified.
    boost::asio::awaitable<result<partners::partner>> set_partner(
        std::string name, partners::partner_settings settings);
    /// Ends a registration on both sides. If the partner does not confirm, the registration ends
    /// only with `even_unconfirmed`.
    boost::asio::awaitable<result<void>> remove_partner(std::string name,
                                                        bool even_unconfirmed = false);

    /// Pulls the sessions of a partner CPO into our store now. `on_page` is called after each page;
    /// may be empty.
    boost::asio::awaitable<result<exchange::pull_summary>> sync_partner(
        std::string name, exchange::pull_range range, exchange::pull_callback on_page);

    /// Accepts connections on `host:port` (port 0: any free one) using the host program's executor,
    /// whose context must outlive this object. Returns the URL of the listening address. Throws
    /// std::runtime_error when the address cannot be bound.
    std::string listen(boost::asio::any_io_executor executor, const std::string& host_and_port);

    /// The same on a listening TCP socket that another process has opened, owned by this object
    /// from now on. Throws std::runtime_error when it is not such a socket.
    std::string listen(boost::asio::any_io_executor executor, int listening_socket);

    /// Loads the files of options.tls again; new connections use them. If one cannot be used, which
    /// is logged, the current ones stay. While it listens, changed files are noticed by themselves.
    void reload_certificates();

    /// Why no requests should be sent here at present, for people: what parts of the process have
    /// reported to options.readiness, and whether the store can be written. Empty: ready.
    boost::asio::awaitable<std::vector<std::string>> find_unready_reasons();

    /// What it reports at present. Does not wait for the store.
    application_report report() const;

    /// Counts the sessions under way in the store.
    boost::asio::awaitable<result<status::session_counts>> count_sessions();

    /// Runs `task` on the executor that it listens on: a check whether that executor makes
    /// progress. False, without effect, unless it listens.
    bool post(std::function<void()> task);

    /// Stops listening, pushing and pulling. Requests in progress are answered for up to
    /// limits.drain_timeout.
    boost::asio::awaitable<void> stop();

    /// Serves on `threads` threads of its own (0: one per core) until SIGTERM or SIGINT, then stops
    /// like stop(); a second signal ends the process immediately. SIGHUP reloads the certificates.
    /// `on_ready` is called with the URL once connections are accepted; may be empty. Propagates
    /// exceptions of `on_ready`, and throws std::runtime_error when the address cannot be bound.
    void run(const std::string& host_and_port, std::size_t threads,
             const std::function<void(const std::string& url)>& on_ready);
    /// The same, with an observer of its stages, and on sockets of another process if there are
    /// any.
    void run(const run_options& options);

private:
    class impl;
    std::unique_ptr<impl> impl_;
};

}  // namespace ocpi
