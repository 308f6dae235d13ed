#pragma once

#include "application/application.hpp"
#include "application/composition.hpp"
#include "crud/lease_keeper.hpp"
#include "crud/store_watch.hpp"
#include "http/pipeline.hpp"
#include "modules/exchange/pull_schedule.hpp"
#include "modules/sessions/change_feed.hpp"
#include "modules/sessions/final_reading_watch.hpp"
#include "modules/tariffs/tariff_watch.hpp"
#include "server/http_server.hpp"
#include "server/outbound_client.hpp"
#include "server/tls_watch.hpp"

#include <atomic>
#include <mutex>

namespace ocpi {

/// The parts of an Application, and what its functions do. Defined by application.cpp,
/// application_partners.cpp and application_run.cpp.
class Application::impl {
public:
    impl(application_options options, const std::shared_ptr<Crud>& crud,
         std::shared_ptr<Authenticator> authenticator);
    boost::asio::awaitable<result<partners::partner>> register_partner(
        credentials::registration_request request);
    boost::asio::awaitable<result<std::vector<partners::partner>>> list_partners();
    boost::asio::awaitable<result<partners::partner>> rotate_partner(std::string name);
    boost::asio::awaitable<result<partners::partner>> set_partner(
        std::string name, partners::partner_settings settings);
    boost::asio::awaitable<result<exchange::pull_summary>> sync_partner(
        std::string name, exchange::pull_range range, exchange::pull_callback on_page);
    boost::asio::awaitable<result<void>> remove_partner(std::string name, bool even_unconfirmed);
    boost::asio::awaitable<http::response> answer(http::request received);
    std::string listen(boost::asio::any_io_executor executor, const std::string& host_and_port);
    std::string listen(boost::asio::any_io_executor executor, int listening_socket);
    void reload_certificates();
    boost::asio::awaitable<std::vector<std::string>> find_unready_reasons();
    application_report report() const;
    boost::asio::awaitable<result<status::session_counts>> count_sessions();
    bool post(std::function<void()> task);
    boost::asio::awaitable<void> stop();
    void run(const run_options& options);

private:
    /// The executor is not used any more.
    void end_listening();

    /// SIGHUP while run() runs.
    struct reload_signal;
    void await_reload(reload_signal& next);
    void reload(const run_options& options) noexcept;
    std::shared_ptr<server::http_server> make_server(
        const boost::asio::any_io_executor& executor) const;

    /// Keeps a server that listens, and starts the exchange with partners with the first one.
    std::string serve(boost::asio::any_io_executor executor,
                      std::shared_ptr<server::http_server> server,
                      const boost::asio::ip::tcp::endpoint& bound);

    /// The report of a request that comes without a socket; nullptr without an observer.
    std::shared_ptr<http::request_report> begin_report(http::request& received) const;
    void finish_report(http::request_report& report, const http::response& answered,
                       std::chrono::steady_clock::duration took) const;

    /// They are reported until forget_stopped().
    std::vector<std::shared_ptr<server::http_server>> take_servers();
    void forget_stopped();

    server::limits limits_;
    std::shared_ptr<logger> log_;
    /// nullptr: none.
    std::shared_ptr<http::request_observer> observer_;
    std::shared_ptr<composition::public_url_holder> url_;
    std::shared_ptr<readiness> readiness_;
    std::shared_ptr<Crud> crud_;
    std::shared_ptr<crud::store_watch> watch_;
    std::shared_ptr<sessions::change_feed> feed_;
    std::shared_ptr<tariffs::tariff_watch> tariff_watch_;
    std::shared_ptr<const clock> time_;
    /// nullptr: no TLS.
    std::shared_ptr<server::tls_certificates> certificates_;
    std::unique_ptr<server::tls_watch> certificate_watch_;
    /// Unless the host program brings one of its own.
    std::shared_ptr<server::outbound_client> client_;
    std::shared_ptr<credentials::platform> platform_;
    std::shared_ptr<crud::lease_keeper> leases_;
    std::shared_ptr<exchange::pusher> pusher_;
    std::shared_ptr<managed::managed_session_service> manager_;
    std::shared_ptr<status::event_hub> events_;
    std::shared_ptr<sessions::session_writer> sessions_;
    /// nullptr: final readings are waited for always.
    std::unique_ptr<sessions::final_reading_watch> final_readings_;
    std::shared_ptr<exchange::puller> puller_;
    std::shared_ptr<exchange::pull_schedule> pulls_;
    std::shared_ptr<http::pipeline> pipeline_;
    mutable std::mutex mutex_;
    // All of this is guarded by mutex_.
    std::vector<std::shared_ptr<server::http_server>> servers_;
    std::vector<std::shared_ptr<server::http_server>> stopping_;
    /// Counts of servers that have stopped.
    server::server_report stopped_;
    /// While it listens, or stops.
    boost::asio::any_io_executor executor_;
    /// Push and pull with partners: from the first listen() to stop().
    std::atomic<bool> is_exchanging_ = false;
};

}  // namespace ocpi
