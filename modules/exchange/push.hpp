#pragma once

#include "crud/crud.hpp"
#include "crud/lease_group.hpp"
#include "modules/exchange/acknowledgements.hpp"
#include "modules/exchange/exchange_observer.hpp"
#include "modules/exchange/push_options.hpp"
#include "modules/exchange/push_status.hpp"
#include "modules/sessions/change_listener.hpp"
#include "modules/sessions/serving_listener.hpp"
#include "ocpi/base/logger.hpp"
#include "ocpi/protocol/party.hpp"
#include "partners/partner_store.hpp"
#include "partners/platform_client.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <memory>
#include <mutex>
#include <vector>

namespace ocpi::exchange {

struct push_memory;

struct push_dependencies {
    std::shared_ptr<Crud> crud;
    std::shared_ptr<partners::partner_store> partners;
    std::shared_ptr<partners::platform_client> client;
    /// Our parties in the role CPO: their sessions are pushed.
    std::vector<party> own_cpo_parties;
    /// May be nullptr.
    std::shared_ptr<logger> log;
    /// May be nullptr.
    std::shared_ptr<exchange_observer> observer;
    push_options options;
    /// By which the process finds out which partners are its; nullptr: the pusher has one of its
    /// own.
    std::shared_ptr<crud::lease_keeper> leases;
};

/// Sends each change of our own sessions to the eMSP of its cdr_token [sessions, push model]: to
/// the first registered partner that has this eMSP's role and a Receiver interface for sessions.
/// docs/partners.md says what is promised. Safe from any thread.
///
/// To each partner one of the processes on a store pushes, the one that holds the lease
/// push/<partner>. Where there may be several, sessions are sent by PUT only: what a partner has
/// read from another process is not known here, and a PATCH must not meet a state that it was not
/// made for.
///
/// No messages are stored. What is stored is which partner has acknowledged which revision of which
/// session, so that after any failure and any restart the sessions to be sent are those whose
/// stored revision differs.
class pusher final : public sessions::change_listener, public sessions::serving_listener {
public:
    /// Throws std::invalid_argument if the store, the partners or the client are missing.
    explicit pusher(push_dependencies dependencies);
    ~pusher() override;

    /// Starts to push on this executor, whose context may have any number of threads. No effect if
    /// it is started.
    void start(boost::asio::any_io_executor executor);

    /// Waits for the messages in flight, options.stop_grace at most. Afterwards nothing is sent,
    /// written, logged or counted, even if an answer arrives. To be awaited before the executor's
    /// context ends.
    boost::asio::awaitable<void> stop();

    /// For each partner that receives our sessions, how far it has them. Empty while not started.
    std::vector<push_status> report() const;

    /// Reads the list of partners now.
    void partners_changed();

    void on_change(const sessions::session_change& change) noexcept override;
    void on_foreign_change(const sessions::foreign_change& change) noexcept override;
    /// While it pushes to some partner.
    bool wants_foreign_changes() const noexcept override;

    /// The partner that has the session at `before` has it at `now`.
    boost::asio::awaitable<void> on_same_session(crud::object_key key, crud::revision before,
                                                 crud::revision now) override;

    /// The eMSP has read the session: its next change is sent by PUT. Also while not started.
    void on_served(const crud::record& session) noexcept override;

private:
    class impl;
    std::shared_ptr<impl> find_running() const;

    const push_dependencies dependencies_;
    const std::shared_ptr<push_memory> memory_;
    const std::shared_ptr<crud::lease_group> leases_;
    /// For what any process may write.
    acknowledgements acknowledgements_;
    mutable std::mutex mutex_;
    std::shared_ptr<impl> running_;  // guarded by mutex_
};

}  // namespace ocpi::exchange
